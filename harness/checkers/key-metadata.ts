import type { History } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { formatObservation, formatSource } from './keys/format-observation.ts'
import { knownWrites, type RevisionCount } from './keys/known-writes.ts'
import { collectObservations, type Sighting } from './keys/observations.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'key-metadata'
const codes = [
  'impossible-metadata',
  'answers-disagree',
  'creation-before-delete',
  'creation-by-other-write',
  'wrong-version',
] as const

/**
 * Proves: all answers and watch events that tell of one key at one mod revision tell the same
 * value, version, creation and lease; a version is 1 exactly where the key was created; between
 * two mod revisions of one creation it grew by at least the writes of the key that are known of,
 * and by no more than the revisions that may have been such; a creation comes after whatever is
 * known of the key before it, deletes included, and is no write that is known to be of other keys.
 * Does not prove: that an answer is of the right moment (`etcd-linearizability`), or what nobody
 * was told: a version between writes of unknown outcome may be any that they allow.
 *
 * etcd's API page (KeyValue): version is the number of changes since creation, deletion resets it.
 */
export const keyMetadataChecker: Checker = { name, codes, check: checkKeyMetadata }

interface Break {
  readonly code: (typeof codes)[number]
  readonly text: string
  readonly key: string
  readonly by: readonly Sighting['by'][]
}

/** By mod revision; each sighting adds what it tells. */
type Knowledge = Map<number, Sighting>

function checkKeyMetadata(evidence: CheckInput): Verdict {
  const byKey = new Map<string, Knowledge>()
  let told = 0
  let found: Break | undefined
  collectObservations(evidence, (sighting) => {
    if (hasMetadata(sighting)) told++
    found ??= judgeAlone(sighting) ?? addOp(byKey, sighting)
  })
  if (found !== undefined) return violationVerdict(found)
  if (told === 0) {
    const reason = 'nobody was told a version or creation'
    return { checker: name, verdict: 'valid', reason, operations: 0 }
  }
  found = judgeKeys(byKey, evidence.history)
  if (found !== undefined) return violationVerdict(found)
  return { checker: name, verdict: 'valid', operations: told }
}

const hasMetadata = (one: Sighting): one is Dated =>
  one.createRevision !== undefined && one.version !== undefined

type Dated = Sighting & { readonly createRevision: number; readonly version: number }

function judgeAlone(one: Sighting): Break | undefined {
  if (!hasMetadata(one)) return undefined
  const { key, modRevision, createRevision, version } = one
  const most = modRevision - createRevision + 1
  const isCreation = createRevision === modRevision
  const isRight = createRevision > 0 && version > 0 && version <= most
  if (isRight && isCreation === (version === 1)) return undefined
  const text = `${formatObservation(one)}: no key can be so`
  return { code: 'impossible-metadata', key, by: [one.by], text }
}

const facts = ['value', 'createRevision', 'version', 'lease'] as const

/** What is known of the key at that revision gets what this one adds. */
function addOp(byKey: Map<string, Knowledge>, one: Sighting): Break | undefined {
  const { key, modRevision } = one
  const known = byKey.get(key) ?? new Map<number, Sighting>()
  if (known.size === 0) byKey.set(key, known)
  const other = known.get(modRevision)
  if (other === undefined) {
    known.set(modRevision, one)
    return undefined
  }
  if (other.isDeleted !== one.isDeleted || facts.some((fact) => differs(one[fact], other[fact]))) {
    const text = `${formatObservation(one)}, and ${formatObservation(other)}`
    return { code: 'answers-disagree', key, by: [other.by, one.by], text }
  }
  if (facts.some((fact) => one[fact] !== undefined && other[fact] === undefined)) {
    known.set(modRevision, { ...other, ...defined(one) })
  }
  return undefined
}

const differs = (one: unknown, other: unknown) =>
  one !== undefined && other !== undefined && one !== other

function defined(one: Sighting): Sighting {
  return Object.fromEntries(
    Object.entries(one).filter(([, value]) => value !== undefined),
  ) as unknown as Sighting
}

function judgeKeys(byKey: ReadonlyMap<string, Knowledge>, history: History): Break | undefined {
  const writes = knownWrites(history)
  for (const [key, known] of byKey) {
    const ascending = [...known.values()].sort((one, other) => one.modRevision - other.modRevision)
    const found = judgeKey(ascending, writes.of(key))
    if (found !== undefined) return found
  }
  return undefined
}

/** Follows the key through its revisions, from each that tells its version to the next. */
function judgeKey(ascending: readonly Sighting[], writes: RevisionCount): Break | undefined {
  let last: Dated | undefined
  let deleted: Sighting | undefined
  /** Mod revisions since the last. */
  let since: number[] = []
  for (const one of ascending) {
    const { modRevision } = one
    if (one.isDeleted) {
      deleted = one
      continue
    }
    since.push(modRevision)
    if (!hasMetadata(one)) continue
    const isSame = last?.createRevision === one.createRevision
    const found =
      judgeCreation(one, { last, deleted }, writes) ??
      judgeGrowth(one, isSame ? last : undefined, { since, writes })
    if (found !== undefined) return found
    last = one
    since = []
  }
  return undefined
}

/** The key was not there just before its creation, so something deleted what was there earlier. */
function judgeCreation(
  one: Dated,
  { last, deleted }: { readonly last: Dated | undefined; readonly deleted: Sighting | undefined },
  writes: RevisionCount,
): Break | undefined {
  const { key, createRevision } = one
  const earlier = [
    ...(deleted !== undefined && createRevision <= deleted.modRevision ? [deleted] : []),
    ...(last !== undefined && isTooSoon(createRevision, last) ? [last] : []),
  ]
  if (earlier[0] !== undefined) {
    const text = `${formatObservation(one)}, and ${formatObservation(earlier[0])}`
    return { code: 'creation-before-delete', key, by: [earlier[0].by, one.by], text }
  }
  const other = writes.elsewhere(createRevision)
  if (other === undefined) return undefined
  const text = `${formatObservation(one)}, and ${formatSource(other)} wrote revision ${createRevision} and not ${key}`
  return { code: 'creation-by-other-write', key, by: [other, one.by], text }
}

/** A delete takes a revision of its own. */
function isTooSoon(created: number, last: Dated): boolean {
  return created !== last.createRevision && created < last.modRevision + 2
}

function judgeGrowth(
  one: Dated,
  last: Dated | undefined,
  { since, writes }: { readonly since: readonly number[]; readonly writes: RevisionCount },
): Break | undefined {
  const { key, modRevision, createRevision, version } = one
  const from = last?.modRevision ?? createRevision - 1
  const grown = version - (last?.version ?? 0)
  const least = since.filter((revision) => revision > from).length
  const most = writes.possibleWithin(from, modRevision)
  if (grown >= least && grown <= most) return undefined
  const within = least === most ? `${least}` : `${least} to ${most}`
  const known = last === undefined ? 'its creation' : formatObservation(last)
  const text = `${formatObservation(one)}, where ${within} writes of it came after ${known}`
  return { code: 'wrong-version', key, by: [...(last ? [last.by] : []), one.by], text }
}

function violationVerdict({ code, text, key, by }: Break): Verdict {
  const involved = by.flatMap((one) => (typeof one === 'string' ? [] : [one.invokeIndex]))
  const culprit = involved.at(-1)
  const evidence = { partition: key, ...(culprit !== undefined && { culprit }), involved }
  return invalidVerdict(name, { code, reason: text, evidence: { ...evidence, found: text } })
}
