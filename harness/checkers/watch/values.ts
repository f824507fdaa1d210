import type { InitialStore } from '../../history/initial-store.ts'
import type {
  WatchedEvent,
  WatchedState,
  WatchLog,
  WatchOpening,
} from '../../history/logs/watch.ts'
import { formatWatchEvent } from './format-event.ts'
import { leaseIn } from './leases.ts'
import type { WatchStream } from './stream.ts'
import type { ReportViolation } from './violation.ts'

/** undefined = what the key held is not known, null = it was missing. */
type Before = KnownState | null | undefined

/** By stream, in ascending order: its proxy lost them, and what keys were then is not known to it. */
export type LostRevisions = ReadonlyMap<WatchStream, readonly number[]>

/** A key as far as it is known; what is absent was not recorded. */
type KnownState = Omit<WatchedState, 'version'> & Partial<Pick<WatchedState, 'version'>>

export interface ValuesContext {
  readonly header: WatchLog['header']
  /** What the store held when the history began. */
  readonly initial?: InitialStore | undefined
  /**
   * Before this revision the store was compacted at the end, so that a previous value may be absent;
   * where the log has the compactions, only those that were requested before the event count.
   */
  readonly compacted: number
  readonly lost?: LostRevisions
}

/**
 * Replays what each watcher received, as long as one stream goes on where the last one ended, and
 * judges what its events say of the state before: the previous value, creation and version.
 */
export function judgeValues(
  streams: readonly WatchStream[],
  { header, initial, compacted, lost }: ValuesContext,
  report: ReportViolation,
): void {
  const first = streams.reduce((least, { start }) => Math.min(least, start), Infinity)
  const whose = ({ member, watcher }: WatchStream) => JSON.stringify([member, watcher])
  for (const mine of Map.groupBy(streams, whose).values()) {
    let until = Math.min(...mine.map(({ start }) => start)) - 1
    const begins = until === initial?.revision ? statesOf(initial) : undefined
    let state = begins ?? new Map<string, KnownState | null>()
    let isWhole = begins !== undefined || (header.fromEmpty === true && until < first)
    for (const stream of mine) {
      const { opening } = stream
      // Without deletes, or without puts, what a key was before is not known.
      const seesAll = (opening.without ?? []).length === 0
      if (stream.start > until + 1 || !seesAll) {
        state = new Map()
        isWhole = false
      }
      const gaps = [...(lost?.get(stream) ?? [])]
      for (const [at, event] of stream.events.entries()) {
        if ((gaps[0] ?? Infinity) < event.modRevision) {
          while ((gaps[0] ?? Infinity) < event.modRevision) gaps.shift()
          state = new Map()
          isWhole = false
        }
        const held = state.get(event.key)
        const before = held === undefined && isWhole ? null : held
        const mayLack = Math.min(compacted, stream.compacted[at] ?? Infinity)
        judgeEvent(event, before, { opening, header, compacted: mayLack, report })
        if (seesAll) state.set(event.key, stateAfter(event, before, header))
      }
      until = Math.max(until, stream.until)
    }
  }
}

/** Undefined when a key's version or creation is not known. */
function statesOf({ kvs }: InitialStore): Map<string, KnownState | null> | undefined {
  const states = new Map<string, KnownState | null>()
  for (const [key, { value, modRevision, createRevision, version, lease }] of Object.entries(kvs)) {
    if (createRevision === undefined || version === undefined) return undefined
    states.set(key, { value, modRevision, createRevision, version, ...(lease && { lease }) })
  }
  return states
}

/** Creation and version as the event has them, or as they follow from what was before. */
function stateAfter(
  event: WatchedEvent,
  before: Before,
  header: WatchLog['header'],
): KnownState | null {
  if (event.type === 'delete') return null
  const { value = '', modRevision, isCreate } = event
  const isNew = isCreate ?? before === null
  const createRevision =
    event.createRevision ?? (isNew ? modRevision : (before?.createRevision ?? undefined))
  const version = event.version ?? (isNew ? 1 : next(before?.version))
  const lease = leaseIn(header, event)
  return {
    value,
    modRevision,
    ...(createRevision !== undefined && { createRevision }),
    ...(version !== undefined && { version }),
    ...(lease !== undefined && { lease }),
  }
}

const next = (version: number | undefined) => (version === undefined ? undefined : version + 1)

interface EventContext {
  readonly header: WatchLog['header']
  readonly opening: WatchOpening
  readonly compacted: number
  readonly report: ReportViolation
}

function judgeEvent(
  event: WatchedEvent,
  before: Before,
  { opening, header, compacted, report }: EventContext,
): void {
  const { member, prevKv = true } = opening
  const { type, prev, modRevision: revision, createRevision, version } = event
  const reportEvent = (guarantee: 'previous value' | 'created or modified', what: string) =>
    report({ guarantee, member, revision, text: `${formatWatchEvent(event)} ${what}` })
  if (before !== undefined && prev !== undefined && !isSame(prev, before, header)) {
    reportEvent(
      'previous value',
      `has the previous value ${formatState(prev)}, expected ${formatState(before)}`,
    )
  }
  if (prevKv && before != null && prev === undefined && revision - 1 >= compacted) {
    reportEvent('previous value', `has no previous value, expected ${formatState(before)}`)
  }
  if (type === 'delete') {
    if (before === null) reportEvent('created or modified', 'deletes a key that was missing')
    if (version !== undefined) reportEvent('created or modified', 'has what only a put has')
    return
  }
  if ((createRevision === revision) !== (version === 1)) {
    reportEvent(
      'created or modified',
      `has createRevision ${createRevision} and version ${version}`,
    )
  }
  if (before === undefined) return
  const { isCreate } = event
  if (isCreate !== undefined && isCreate !== (before === null)) {
    const found = isCreate ? 'creates' : 'changes'
    reportEvent('created or modified', `${found} a key that was ${formatState(before)}`)
  }
  const created = before === null ? revision : before.createRevision
  const expected = before === null ? 1 : next(before.version)
  if (isOther(createRevision, created) || isOther(version, expected)) {
    const found = `createRevision ${createRevision} and version ${version}`
    reportEvent('created or modified', `has ${found}, expected ${created} and ${expected}`)
  }
}

/** Two figures that are both recorded and differ. */
function isOther<Fact>(one: Fact | undefined, other: Fact | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

function isSame(one: WatchedState, other: KnownState | null, header: WatchLog['header']): boolean {
  if (other === null) return false
  const { value, modRevision, createRevision, version, lease } = other
  return (
    one.value === value &&
    one.modRevision === modRevision &&
    !isOther(one.createRevision, createRevision) &&
    !isOther(one.version, version) &&
    !isOther(leaseIn(header, one), lease)
  )
}

function formatState(state: KnownState | null): string {
  if (state === null) return 'missing'
  const { value, modRevision, version, lease = '0' } = state
  const leased = lease === '0' ? '' : `, lease ${lease}`
  return `${value} (mod ${modRevision}, version ${version}${leased})`
}
