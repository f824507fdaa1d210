import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { WatchedEvent } from '../../history/watch-log.ts'
import { formatWatchEvent, type ReportViolation, type WatchStream } from './streams.ts'

/** One change of one key at one revision, and who says so. */
export interface Change {
  readonly key: string
  /** null = deleted. */
  readonly value: string | null
  readonly createRevision?: number | undefined
  readonly version?: number | undefined
  readonly saidBy: string
}

/** By revision, then by key. */
export type Changes = Map<number, Map<string, Change>>

/**
 * Every change that a watcher was told of or that an answer acknowledged. Two that tell otherwise
 * of the same key and revision are a break.
 */
export function collectChanges(
  streams: readonly WatchStream[],
  written: Changes,
  report: ReportViolation,
): Changes {
  const changes: Changes = new Map([...written].map(([at, keys]) => [at, new Map(keys)]))
  for (const { member, events } of streams) {
    for (const event of events) {
      const change = changeOf(event, member)
      const known = changes.get(event.modRevision)?.get(event.key)
      if (known === undefined || known.saidBy === acknowledged) add(changes, event, change)
      if (known === undefined || isSame(known, change)) continue
      const says = known.value === null ? 'a delete' : `${known.value}, version ${known.version}`
      const text = `${formatWatchEvent(event)}, version ${event.version}, is ${says} to ${known.saidBy}`
      report({ guarantee: 'same for all', member, revision: event.modRevision, text })
    }
  }
  return changes
}

const acknowledged = 'an acknowledged write'

function changeOf(event: WatchedEvent, member: string): Change {
  const { key, value = '', createRevision, version } = event
  const saidBy = `the watcher of ${member}`
  if (event.type === 'delete') return { key, value: null, saidBy }
  return { key, value, createRevision, version, saidBy }
}

function isSame(one: Change, other: Change): boolean {
  if (one.value !== other.value) return false
  if (one.version === undefined || other.version === undefined) return true
  return one.version === other.version && one.createRevision === other.createRevision
}

function add(changes: Changes, { modRevision }: { modRevision: number }, change: Change): void {
  const keys = changes.get(modRevision)
  if (keys === undefined) changes.set(modRevision, new Map([[change.key, change]]))
  else keys.set(change.key, change)
}

/** What the history's answers say was written, by the revision that they name. */
export function acknowledgedChanges(history: History): Changes {
  const changes: Changes = new Map()
  for (const operation of operations(history)) {
    const revision = operation.completion?.revision
    if (operation.outcome !== 'ok' || revision === undefined) continue
    for (const [key, value] of writesOf(operation)) {
      add(changes, { modRevision: revision }, { key, value, saidBy: acknowledged })
    }
  }
  return changes
}

/** Everything that may have been written: `[key, value]`, null for a delete. */
export function possibleWrites(history: History): Set<string> {
  const attempted = operations(history).filter(({ outcome }) => outcome !== 'fail')
  return new Set(attempted.flatMap((operation) => attemptsOf(operation)).map(writeId))
}

export const writeId = ([key, value]: Write): string => JSON.stringify([key, value])

type Write = readonly [key: string, value: string | null]
type Txn = {
  readonly then: readonly (readonly string[])[]
  readonly else: readonly (readonly string[])[]
}

function attemptsOf({ f, invoke }: Operation): readonly Write[] {
  const key = invoke.key ?? ''
  if (f === 'put') return [[key, String(invoke.value)]]
  if (f === 'delete') return [[key, null]]
  if (f === 'cas') return [[key, String((invoke.value as readonly unknown[])[1])]]
  if (f !== 'txn') return []
  const txn = invoke.value as Txn
  return [...txn.then, ...txn.else].flatMap(writeOf)
}

function writesOf(operation: Operation): readonly Write[] {
  const { f, invoke, completion } = operation
  if (f === 'delete') return (completion?.deleted ?? 0) > 0 ? attemptsOf(operation) : []
  if (f === 'cas') return completion?.applied === true ? attemptsOf(operation) : []
  if (f !== 'txn') return attemptsOf(operation)
  const { applied, value } = completion ?? {}
  if (applied === undefined) return []
  const steps = (invoke.value as Txn)[applied ? 'then' : 'else']
  const results = Array.isArray(value) ? value : []
  // A delete that is not said to have found its key wrote nothing that is known.
  return steps.flatMap((step, at) =>
    step[0] === 'delete' && results[at] !== 1 ? [] : writeOf(step),
  )
}

function writeOf([what, key = '', value = '']: readonly string[]): readonly Write[] {
  if (what === 'put') return [[key, value]]
  return what === 'delete' ? [[key, null]] : []
}
