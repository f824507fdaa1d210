import type { WatchEntry, WatchedEvent } from '../../logs/watch.ts'
import type { ReportResponse, ReportWatch } from './schema.ts'
import { textOfValue } from './values.ts'

/**
 * The messages of one watch. Each is a watcher of its own: a client starts the next one at any
 * revision.
 */
export function convertWatch(
  { Request, Responses }: ReportWatch,
  { stream, client }: { readonly stream: number; readonly client: string },
): WatchEntry[] {
  const { Key, WithPrefix = false, WithPrevKV = false } = Request
  const responses = Responses ?? []
  const opening = {
    type: 'open' as const,
    stream,
    timeNs: 0,
    member: client,
    watcher: String(stream),
    startRevision: startOf(Request.Revision ?? 0, responses),
    ...scopeOf(Key, WithPrefix),
    ...(!WithPrevKV && { prevKv: false }),
  }
  return [opening, ...responses.flatMap((response) => entriesOf(response, stream))]
}

/** Below 0 it asks for everything; 0 asks for what comes from then on. */
function startOf(asked: number, [first]: readonly ReportResponse[]): number {
  if (asked !== 0) return Math.max(1, asked)
  const { IsProgressNotify = false, Revision = 0, Events } = first ?? {}
  return IsProgressNotify ? Revision + 1 : (Events?.[0]?.Revision ?? 1)
}

function scopeOf(key: string, isPrefix: boolean) {
  if (!isPrefix) return { key }
  return key === '' ? {} : { key, end: endOfPrefix(key) }
}

/** The first text in the order of bytes that is behind all that begin so. */
function endOfPrefix(prefix: string): string {
  const characters = [...prefix]
  while (characters.length > 0) {
    const last = characters.pop()?.codePointAt(0) ?? 0
    const next = last === 0xd7ff ? 0xe000 : last + 1
    if (next <= 0x10ffff) return characters.join('') + String.fromCodePoint(next)
  }
  return '\0'
}

function entriesOf(response: ReportResponse, stream: number): WatchEntry[] {
  const { Events, IsProgressNotify = false, Revision: revision = 0, Error: error = '' } = response
  const common = { stream, timeNs: response.Time ?? 0 }
  const entries: WatchEntry[] = []
  if (Events && Events.length > 0) {
    entries.push({ type: 'events', ...common, revision, events: Events.map(convertEvent) })
  }
  if (IsProgressNotify) entries.push({ type: 'bookmark', ...common, revision })
  if (error !== '') entries.push({ type: 'closed', ...common, error })
  return entries
}

type ReportEvent = NonNullable<ReportResponse['Events']>[number]

function convertEvent({
  Type,
  Key,
  Value,
  Revision,
  IsCreate,
  PrevValue,
}: ReportEvent): WatchedEvent {
  const common = { key: Key, modRevision: Revision, ...(PrevValue && { prev: stateOf(PrevValue) }) }
  if (Type === 'delete-operation') return { type: 'delete', ...common }
  return { type: 'put', ...common, value: textOfValue(Value), isCreate: IsCreate === true }
}

function stateOf({ Value, ModRevision = 0, Version = 0 }: NonNullable<ReportEvent['PrevValue']>) {
  return { value: textOfValue(Value), modRevision: ModRevision, version: Version }
}
