import type { StreamEntry, WatchedEvent, WatchLog } from '../../history/logs/watch.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { watchChecker } from '../watch.ts'

/** A line of a watch log that a test may change. */
export type ChangeableEntry = { -readonly [Key in keyof StreamEntry]: StreamEntry[Key] } & {
  events?: WatchedEvent[]
}
/** A key as the store has it. */
export type StoredState = {
  value: string
  modRevision: number
  createRevision: number
  version: number
}

const revisions = 40

/** Two watchers of a store in which k0 to k2 are put in turn, and every seventh write deletes. */
export function goodEvidence(): {
  history: History
  entries: ChangeableEntry[]
  final: CheckInput['final']
} {
  const events: HistoryEvent[] = []
  const responses: WatchedEvent[][] = []
  const store = new Map<string, StoredState>()
  for (let revision = 2; revision <= revisions; revision++) {
    const key = `k${revision % 3}`
    const prev = store.get(key)
    const isDelete = revision % 7 === 0 && prev !== undefined
    const f = isDelete ? 'delete' : 'put'
    const value = `v${revision}`
    events.push(
      { type: 'invoke', process: 0, f, key, timeNs: 1, ...(!isDelete && { value }) },
      { type: 'ok', process: 0, f, key, timeNs: 2, revision, ...(isDelete && { deleted: 1 }) },
    )
    const state = {
      value,
      modRevision: revision,
      createRevision: prev?.createRevision ?? revision,
      version: (prev?.version ?? 0) + 1,
    }
    const kv = isDelete ? { modRevision: revision } : state
    responses.push([{ type: f, key, ...kv, ...(prev && { prev }) } as WatchedEvent])
    if (isDelete) store.delete(key)
    else store.set(key, state)
  }
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const entries = ['m1', 'm2'].flatMap((member, index) => streamsOf(member, index, responses))
  const final = { members: [{ compactRevision: 1 }] } as unknown as CheckInput['final']
  return { history: { header, events }, entries: structuredClone(entries), final }
}

/** Cut in the middle and resumed; a bookmark before the cut and at the end. */
function streamsOf(member: string, index: number, responses: WatchedEvent[][]): ChangeableEntry[] {
  const half = responses.length >> 1
  return [responses.slice(0, half), responses.slice(half)].flatMap((part, at) => {
    const stream = 2 * index + at
    const until = part.at(-1)?.[0]?.modRevision ?? 0
    return [
      { type: 'open', stream, member, startRevision: part[0]?.[0]?.modRevision ?? 0, timeNs: 9 },
      { type: 'created', stream, revision: 1, timeNs: 9 },
      ...part.map((events) => {
        return { type: 'events', stream, revision: revisions, events, timeNs: 9 }
      }),
      { type: 'bookmark', stream, revision: until, timeNs: 9 },
      { type: 'closed', stream, timeNs: 9 },
    ] as ChangeableEntry[]
  })
}

/** The verdict on the good evidence, once it was changed. */
export function judge(
  mutate: (entries: ChangeableEntry[], history: History) => void = () => {},
  records: Partial<WatchLog['header']> = { recordsResponses: true },
) {
  const { history, entries, final } = goodEvidence()
  mutate(entries, history)
  const header = { format: 'gauntlet-watch/1', fromEmpty: true, ...records } as const
  const watches = { header, entries } as WatchLog
  return watchChecker.check({ history, watches, ...(final && { final }) })
}

/** The lines that deliver events. */
export const responses = (entries: ChangeableEntry[]) =>
  entries.filter(({ type }) => type === 'events')

/** The event of that line among those that deliver events. */
export function eventAt(entries: ChangeableEntry[], at: number): WatchedEvent & StoredState {
  return responses(entries)[at]?.events?.[0] as WatchedEvent & StoredState
}

/** The first stream is cancelled after its first message of that type. */
export function cancel(
  entries: ChangeableEntry[],
  { after, reason = '' }: { readonly after: ChangeableEntry['type']; readonly reason?: string },
): void {
  const canceled = { type: 'canceled', stream: 0, compactRevision: 0, reason, timeNs: 9 }
  const at = entries.findIndex(({ type, stream }) => type === after && stream === 0)
  entries.splice(at + 1, 0, canceled as ChangeableEntry)
}
