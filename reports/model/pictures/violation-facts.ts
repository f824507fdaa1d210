import type { Counterexample } from '../../../harness/checkers/checker.ts'
import type { DurabilityViolation } from '../../../harness/checkers/keys/describe-losses.ts'
import type { LeaseViolation } from '../../../harness/checkers/lease/violation.ts'
import type { LockViolation } from '../../../harness/checkers/lock.ts'
import { count } from '../../../harness/core/schema/parts.ts'
import { Type } from '../../../harness/core/schema/type.ts'
import { createValidator } from '../../../harness/core/schema/validator.ts'

/** Records come from files: a violation that is not whole is left out. */
type IsViolation<Violation> = (value: unknown) => value is Violation

/** Those of a verdict, first the one that its reason names, and how many the checker found. */
export function violationsOf<Violation>(
  evidence: Counterexample | undefined,
  isWhole: IsViolation<Violation>,
): { readonly all: readonly Violation[]; readonly found: number } {
  const { violations, violationsFound } = evidence ?? {}
  const all = Array.isArray(violations) ? violations.filter(isWhole) : []
  const found = typeof violationsFound === 'number' ? violationsFound : all.length
  return { all, found }
}

const text = Type.String()
const time = Type.Optional(Type.Number())
const index = Type.Optional(count)
const indexes = Type.Array(count)
const turn = Type.Object({ owner: text, operation: count })

const lease = createValidator(
  Type.Object({
    code: text,
    guarantee: text,
    partition: text,
    lease: text,
    expected: text,
    found: text,
    culprit: index,
    put: index,
    request: index,
    keptFromNs: time,
    keptUntilNs: time,
    goneSinceNs: time,
  }),
)
const durability = createValidator(
  Type.Object({
    code: text,
    members: Type.Array(text),
    partition: text,
    revision: index,
    heldModRevision: index,
    writes: indexes,
    lost: indexes,
    lostFound: count,
  }),
)
const lock = createValidator(
  Type.Object({
    key: text,
    holder: turn,
    second: turn,
    grants: Type.Array(turn),
    releases: indexes,
  }),
)

export const isLeaseViolation = (value: unknown): value is LeaseViolation => lease.accepts(value)
export const isDurabilityViolation = (value: unknown): value is DurabilityViolation =>
  durability.accepts(value)
export const isLockViolation = (value: unknown): value is LockViolation => lock.accepts(value)
