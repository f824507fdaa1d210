import { operations } from '../../history/join.ts'
import type { Operation } from '../../history/operations.ts'
import type { CheckInput, MemberFinalState } from '../checker.ts'
import { formatObservation } from '../keys/format-observation.ts'
import { collectObservations, type KeyObservation } from '../keys/observations.ts'
import { formatRequest, shorten } from '../verdict/format.ts'
import { findCellDifference, modOf } from './compare-answer.ts'
import type { KeyVersion, ReplayedStore } from './store.ts'
import type { LogViolation } from './violation.ts'

interface Replayed {
  readonly store: ReplayedStore
  /** The logs may go on after the store's revision. */
  readonly isOpen: boolean
}

/**
 * Everything that answers, watchers and final states show, compared with the states that the logs
 * give: each shown key is what its mod revision left, each read shows the state at its revision, each
 * member ends with the state at its revision.
 */
export function judgeStates(input: CheckInput, replayed: Replayed): StateJudgement {
  const violations: LogViolation[] = []
  collectObservations(input, (observation) => {
    const violation = findWrongChange(observation, replayed)
    if (violation !== undefined) violations.push(violation)
  })
  const reads = operations(input.history).filter(({ f, outcome, completion }) => {
    const isRead = f === 'get' || f === 'range'
    return isRead && outcome === 'ok' && typeof completion?.revision === 'number'
  })
  const states = input.final?.members ?? []
  violations.push(
    ...reads.flatMap((operation) => findWrongRead(operation, replayed)),
    ...states.flatMap((state) => findWrongEnd(state, replayed)),
  )
  return { violations, compared: reads.length + states.length }
}

interface StateJudgement {
  readonly violations: readonly LogViolation[]
  /** Reads and final states. */
  readonly compared: number
}

const facts = ['value', 'createRevision', 'version', 'lease'] as const

function findWrongChange(
  observation: KeyObservation,
  { store, isOpen }: Replayed,
): LogViolation | undefined {
  const { key, modRevision, isDeleted, by } = observation
  if (typeof by !== 'string' && by.completion?.settled === true) return undefined
  if (isOpen && modRevision > store.revision) return undefined
  const logged = store.changeAt(key, modRevision)
  const isSame =
    logged !== undefined &&
    (logged.value === null) === (isDeleted === true) &&
    (isDeleted || facts.every((fact) => isEqual(observation[fact], logged[fact])))
  if (isSame) return undefined
  return {
    code: 'wrong-answer',
    reason: `${formatObservation(observation)}, and the logs give ${formatChange(logged)}`,
    expected: formatChange(logged),
    found: formatObservation(observation),
    partition: key,
    ...(typeof by !== 'string' && { culprit: by }),
    isReplayed: true,
  }
}

const isEqual = (shown: unknown, logged: unknown) => shown === undefined || shown === logged

function formatChange(version: KeyVersion | undefined): string {
  if (version === undefined) return 'no change of the key at that revision'
  const { value, createRevision, version: count, lease } = version
  if (value === null) return 'its deletion'
  const held = lease === '0' ? 'no lease' : `lease ${lease}`
  return `${shorten(JSON.stringify(value))}, createRevision ${createRevision}, version ${count}, ${held}`
}

function findWrongRead(operation: Operation, { store, isOpen }: Replayed): LogViolation[] {
  const { f, invoke, completion = {} } = operation as LooseOperation
  const revision = Number(completion.revision)
  const at = Number(invoke.atRevision ?? 0) > 0 ? Number(invoke.atRevision) : revision
  if (revision > store.revision) return isOpen ? [] : [beyondTheLogs(operation, revision, store)]
  const difference =
    f === 'get'
      ? findCellDifference(cellOf(completion), store.get(String(invoke.key ?? ''), at))
      : findListDifference(operation, store, at)
  if (difference === undefined) return []
  const { answered, logged } = difference
  return [
    {
      code: 'wrong-answer',
      reason: `${formatRequest(operation)} answered ${answered} at revision ${at}, and the logs give ${logged}`,
      expected: logged,
      found: answered,
      partition: operation.invoke.key,
      culprit: operation,
      isReplayed: true,
    },
  ]
}

type Fields = Readonly<Record<string, unknown>>
type LooseOperation = Omit<Operation, 'completion' | 'invoke'> & {
  readonly invoke: Fields
  readonly completion?: Fields
}

const cellOf = ({ value, modRevision }: Fields) => ({ value, mod: modRevision })

function beyondTheLogs(operation: Operation, revision: number, store: ReplayedStore): LogViolation {
  return {
    code: 'wrong-revision',
    reason: `${formatRequest(operation)} answered revision ${revision}, and the logs end at revision ${store.revision}`,
    expected: `a revision up to ${store.revision}`,
    found: `revision ${revision}`,
    partition: operation.invoke.key,
    culprit: operation,
    isReplayed: true,
  }
}

/** The keys of a list with their mod revisions; a limit cuts the logs' list too. */
function findListDifference(operation: Operation, store: ReplayedStore, at: number) {
  const { invoke, completion = {} } = operation as LooseOperation
  if (!Array.isArray(completion.value)) return undefined
  const { key, end } = operation.invoke as { readonly key?: string; readonly end?: string }
  const keys = store.keysWithin({ key: key ?? '', end }, at)
  const limit = Number(invoke.limit ?? 0)
  const listed = limit > 0 ? keys.slice(0, limit) : keys
  const logged = listed.map((one) => `${one}@${modOf(store.get(one, at))}`)
  const answered = completion.value.map(([one, , mod]) => `${one}@${mod}`)
  const { count = keys.length } = completion
  if (count !== keys.length) return { answered: `a count of ${count}`, logged: `${keys.length}` }
  if (answered.join() === logged.join()) return undefined
  const wrong = answered.find((one, index) => one !== logged[index]) ?? 'no further key'
  const right = logged.find((one, index) => one !== answered[index]) ?? 'no further key'
  return { answered: wrong, logged: right }
}

function findWrongEnd(state: MemberFinalState, { store, isOpen }: Replayed): LogViolation[] {
  const { member, revision, keys: held } = state
  if (revision > store.revision && isOpen) return []
  const names = new Set([
    ...Object.keys(held),
    ...store.keysWithin({ key: '', end: '\0' }, revision),
  ])
  for (const key of names) {
    const { value = null, modRevision = 0 } = held[key] ?? {}
    const found = findCellDifference({ value, mod: modRevision }, store.get(key, revision))
    if (found === undefined) continue
    const { answered, logged } = found
    return [
      {
        code: 'wrong-answer',
        reason: `${member} ends with ${answered} for ${shorten(key)}, and the logs leave ${logged}`,
        expected: logged,
        found: answered,
        partition: key,
        isReplayed: true,
      },
    ]
  }
  return []
}
