import { operations } from '../../history/join.ts'
import type { WatchedEvent } from '../../history/logs/watch.ts'
import type { History, Operation } from '../../history/operations.ts'
import {
  type AcknowledgedWrite,
  acknowledgedWrites,
  requestedWrites,
} from '../keys/acknowledged-writes.ts'
import { formatWatchEvent } from './format-event.ts'
import type { WatchStream } from './stream.ts'
import type { ReportViolation } from './violation.ts'

/** One change of one key at one revision, and which watcher or answer shows it. */
interface Change {
  readonly key: string
  /** null = deleted. */
  readonly value: string | null
  readonly createRevision?: number | undefined
  readonly version?: number | undefined
  readonly isCreate?: boolean | undefined
  readonly shownBy: string
}

/** By revision, then by key. */
export type Changes = Map<number, Map<string, Change>>

/**
 * Every change that a watcher received or that an answer acknowledged. Two that differ about the same
 * key and revision are a violation.
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
      if (known === undefined || known.shownBy === acknowledged) addChange(changes, event, change)
      if (known === undefined || isSame(known, change)) continue
      const other = known.value === null ? 'a delete' : `${known.value}, version ${known.version}`
      const text = `${formatWatchEvent(event)}, version ${event.version}, is ${other} to ${known.shownBy}`
      report({ guarantee: 'same for all', member, revision: event.modRevision, text })
    }
  }
  return changes
}

const acknowledged = 'an acknowledged write'

function changeOf(event: WatchedEvent, member: string): Change {
  const { key, value = '', createRevision, version, isCreate } = event
  const shownBy = `the watcher of ${member}`
  if (event.type === 'delete') return { key, value: null, shownBy }
  return { key, value, createRevision, version, isCreate, shownBy }
}

function isSame(one: Change, other: Change): boolean {
  if (one.value !== other.value) return false
  const [isCreate, isOther] = [one.isCreate, other.isCreate]
  if (isCreate !== undefined && isOther !== undefined && isCreate !== isOther) return false
  if (one.version === undefined || other.version === undefined) return true
  return one.version === other.version && one.createRevision === other.createRevision
}

function addChange(
  changes: Changes,
  { modRevision }: { modRevision: number },
  change: Change,
): void {
  const keys = changes.get(modRevision)
  if (keys === undefined) changes.set(modRevision, new Map([[change.key, change]]))
  else keys.set(change.key, change)
}

/** The writes that answers acknowledge, by the revision that they name. */
export function acknowledgedChanges(history: History): Changes {
  const changes: Changes = new Map()
  for (const operation of operations(history)) {
    const revision = operation.completion?.revision
    if (operation.outcome !== 'ok' || revision === undefined) continue
    for (const [key, value] of acknowledgedWrites(operation)) {
      addChange(changes, { modRevision: revision }, { key, value, shownBy: acknowledged })
    }
  }
  return changes
}

/** The `writeId` of everything that may have been written. */
export function possibleWrites(history: History): Set<string> {
  const attempted = operations(history).filter(({ outcome }) => outcome !== 'fail')
  const requested = attempted.flatMap((operation) => [
    ...requestedWrites(operation),
    ...deletedWithLease(operation),
  ])
  return new Set(requested.map(writeId))
}

/** The end of a lease deletes what was put with it. */
function deletedWithLease({ f, invoke: { key = '', lease } }: Operation): AcknowledgedWrite[] {
  return f === 'put' && lease !== undefined ? [[key, null]] : []
}

export const writeId = ([key, value]: AcknowledgedWrite): string => JSON.stringify([key, value])
