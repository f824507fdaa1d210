import type { WatchedEvent, WatchedState, WatchLog } from '../../history/watch-log.ts'
import { formatWatchEvent, type ReportViolation, type WatchStream } from './streams.ts'

/** undefined = what the key held is not known, null = it was missing. */
type Before = WatchedState | null | undefined

export interface ValuesContext {
  readonly header: WatchLog['header']
  /** Before this revision the store may be compacted, and a previous value absent. */
  readonly compacted: number
}

/**
 * Replays what each watcher received, as long as one stream goes on where the last one ended, and
 * judges what its events say of the state before: the previous value, creation and version.
 */
export function judgeValues(
  streams: readonly WatchStream[],
  { header, compacted }: ValuesContext,
  report: ReportViolation,
): void {
  const first = streams.reduce((least, { start }) => Math.min(least, start), Infinity)
  const whose = ({ member, watcher }: WatchStream) => JSON.stringify([member, watcher])
  for (const mine of Map.groupBy(streams, whose).values()) {
    let state = new Map<string, WatchedState | null>()
    let until = Math.min(...mine.map(({ start }) => start)) - 1
    let isWhole = header.fromEmpty === true && until < first
    for (const stream of mine) {
      if (stream.start > until + 1) {
        state = new Map()
        isWhole = false
      }
      for (const event of stream.events) {
        const held = state.get(event.key)
        const before = held === undefined && isWhole ? null : held
        judgeEvent(event, before, { member: stream.member, compacted, report })
        state.set(event.key, stateAfter(event))
      }
      until = Math.max(until, stream.until)
    }
  }
}

function stateAfter(event: WatchedEvent): WatchedState | null {
  if (event.type === 'delete') return null
  const { value = '', modRevision, createRevision = 0, version = 0 } = event
  return { value, modRevision, createRevision, version }
}

function judgeEvent(
  event: WatchedEvent,
  before: Before,
  {
    member,
    compacted,
    report,
  }: { readonly member: string; readonly compacted: number; readonly report: ReportViolation },
): void {
  const { type, prev, modRevision: revision, createRevision, version } = event
  const reportEvent = (guarantee: 'previous value' | 'created or modified', what: string) =>
    report({ guarantee, member, revision, text: `${formatWatchEvent(event)} ${what}` })
  if (before !== undefined && prev !== undefined && !isSame(prev, before)) {
    reportEvent(
      'previous value',
      `has the previous value ${formatState(prev)}, expected ${formatState(before)}`,
    )
  }
  if (before != null && prev === undefined && revision - 1 >= compacted) {
    reportEvent('previous value', `has no previous value, expected ${formatState(before)}`)
  }
  if (type === 'delete') {
    if (before === null) reportEvent('created or modified', 'deletes a key that was missing')
    return
  }
  if ((createRevision === revision) !== (version === 1)) {
    reportEvent(
      'created or modified',
      `has createRevision ${createRevision} and version ${version}`,
    )
  }
  if (before === undefined) return
  const created = before?.createRevision ?? revision
  const next = (before?.version ?? 0) + 1
  if (createRevision !== created || version !== next) {
    const found = `createRevision ${createRevision} and version ${version}`
    reportEvent('created or modified', `has ${found}, expected ${created} and ${next}`)
  }
}

function isSame(one: WatchedState, other: WatchedState | null): boolean {
  if (other === null) return false
  const { value, modRevision, createRevision, version } = other
  return (
    one.value === value &&
    one.modRevision === modRevision &&
    one.createRevision === createRevision &&
    one.version === version
  )
}

function formatState(state: WatchedState | null): string {
  if (state === null) return 'missing'
  return `${state.value} (mod ${state.modRevision}, version ${state.version})`
}
