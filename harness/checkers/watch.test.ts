import { expect, test } from 'vitest'
import type { History, HistoryEvent } from '../history/operations.ts'
import type { StreamEntry, WatchedEvent, WatchLog, WatchOpening } from '../history/watch-log.ts'
import { parseWatchLog } from '../history/watch-log.ts'
import type { CheckInput } from './checker.ts'
import { watchChecker } from './watch.ts'

type Entry = { -readonly [Key in keyof StreamEntry]: StreamEntry[Key] } & {
  events?: WatchedEvent[]
}
type State = { value: string; modRevision: number; createRevision: number; version: number }

const revisions = 40

/** Two watchers of a store in which k0 to k2 are put in turn, and every seventh write deletes. */
function goodEvidence(): { history: History; entries: Entry[]; final: CheckInput['final'] } {
  const events: HistoryEvent[] = []
  const responses: WatchedEvent[][] = []
  const store = new Map<string, State>()
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
function streamsOf(member: string, index: number, responses: WatchedEvent[][]): Entry[] {
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
    ] as Entry[]
  })
}

function judge(
  mutate: (entries: Entry[], history: History) => void = () => {},
  records: Partial<WatchLog['header']> = { recordsResponses: true },
) {
  const { history, entries, final } = goodEvidence()
  mutate(entries, history)
  const header = { format: 'gauntlet-watch/1', fromEmpty: true, ...records } as const
  const watches = { header, entries } as WatchLog
  return watchChecker.check({ history, watches, ...(final && { final }) })
}

const responses = (entries: Entry[]) => entries.filter(({ type }) => type === 'events')

function eventAt(entries: Entry[], at: number): WatchedEvent & State {
  return responses(entries)[at]?.events?.[0] as WatchedEvent & State
}

test('watchers that receive every event in order are valid', () => {
  expect(judge()).toMatchObject({ verdict: 'valid', evidence: { watchers: 2, streams: 4 } })
})

test('watchers that receive nothing are unknown', () => {
  expect(judge((entries) => entries.splice(0)).verdict).toBe('unknown')
})

const mutations: readonly [guarantee: string, what: string, (entries: Entry[]) => void][] = [
  [
    'reliable',
    'an event missing',
    (entries) => entries.splice(entries.indexOf(responses(entries)[5] as Entry), 1),
  ],
  [
    'reliable',
    'the last event before a bookmark missing',
    (entries) => entries.splice(entries.indexOf(responses(entries).at(-1) as Entry), 1),
  ],
  [
    'reliable',
    'the first event after a resumption missing',
    (entries) =>
      entries.splice(
        entries.findIndex(({ stream, events }) => stream === 1 && events),
        1,
      ),
  ],
  ['unique', 'an event twice', (entries) => repeat(entries, 5)],
  ['ordered', 'two responses swapped', (entries) => swap(entries, 5, 6)],
  [
    'atomic',
    'a revision in two responses',
    (entries) => {
      const [one, other] = [responses(entries)[5], responses(entries)[6]]
      const moved = {
        ...(other?.events?.[0] as State),
        modRevision: eventAt(entries, 5).modRevision,
      }
      if (one && other) other.events = [moved as unknown as WatchedEvent]
    },
  ],
  [
    'bookmarkable',
    'a bookmark ahead of its events',
    (entries) => {
      const bookmark = entries.find(({ type }) => type === 'bookmark') as Entry
      entries.splice(entries.indexOf(responses(entries)[7] as Entry), 0, bookmark)
    },
  ],
  [
    'resumable',
    'events from before the revision asked for',
    (entries) => {
      const open = entries.find(({ type, stream }) => type === 'open' && stream === 1)
      Object.assign(open as Entry, { startRevision: 30 })
    },
  ],
  [
    'previous value',
    'another previous value',
    (entries) => {
      const prev = eventAt(entries, 10).prev as State
      prev.value = 'stale'
    },
  ],
  [
    'previous value',
    'no previous value',
    (entries) => {
      delete (eventAt(entries, 10) as { prev?: unknown }).prev
    },
  ],
  [
    'created or modified',
    'a modification as a creation',
    (entries) => {
      Object.assign(eventAt(entries, 10), { createRevision: 12, version: 1 })
    },
  ],
  [
    'created or modified',
    'a version skipped',
    (entries) => {
      eventAt(entries, 10).version += 1
    },
  ],
  [
    'created or modified',
    'a delete with what only a put has',
    (entries) => {
      Object.assign(eventAt(entries, 5), { value: 'v7', createRevision: 3, version: 2 })
    },
  ],
  [
    'limited to its own responses',
    'events for another watch',
    (entries) => {
      Object.assign(responses(entries)[10] as Entry, { otherWatch: '8' })
    },
  ],
  [
    'limited to whole responses',
    'a fragment',
    (entries) => {
      Object.assign(responses(entries)[10] as Entry, { fragment: true })
    },
  ],
  [
    'as new as its events',
    'an event that is newer than the revision in its header',
    (entries) => {
      Object.assign(responses(entries)[10] as Entry, { revision: 11 })
    },
  ],
  [
    'cancelled for a reason',
    'a cancellation of a running watch without a reason',
    (entries) => cancel(entries, { after: 'bookmark' }),
  ],
  [
    'same for all',
    'another value at one watcher',
    (entries) => {
      eventAt(entries, 10).value = 'v9'
    },
  ],
  [
    'only what was written',
    'a value that no client wrote',
    (entries) => {
      eventAt(entries, 10).value = 'phantom'
    },
  ],
]

test.each(mutations)('a watch is not %s: %s', (guarantee, _what, mutate) => {
  const verdict = judge(mutate)
  expect(verdict.verdict).toBe('invalid')
  expect(verdict.evidence?.guarantees).toContain(guarantee)
})

test('a previous value has the lease that the key had, where leases were recorded', () => {
  const leased = (recordsLeases: boolean) => {
    const { history, entries, final } = goodEvidence()
    Object.assign(eventAt(entries, 7), { lease: '5' })
    const header = { format: 'gauntlet-watch/2', fromEmpty: true, recordsLeases } as const
    return watchChecker.check({
      history,
      watches: { header, entries } as WatchLog,
      ...(final && { final }),
    })
  }
  expect(leased(true)).toMatchObject({ verdict: 'invalid', code: 'wrong-previous-value' })
  expect(leased(true).reason).toContain('version 3, lease 5)')
  expect(leased(false).verdict).toBe('valid')
})

test('an acknowledged write that no watcher receives is missing', () => {
  const verdict = judge((entries) => {
    for (const one of entries.filter(({ events }) => events?.[0]?.modRevision === 20)) {
      entries.splice(entries.indexOf(one), 1)
    }
  })
  expect(verdict.reason).toContain('at revision 20 is missing; an acknowledged write shows it')
})

/** A watcher of m1 that starts late, at revision 20, and receives everything from there on. */
function comeLate(entries: Entry[]): Entry[] {
  const [stream, start] = [9, 20]
  const later = entries.filter((one) => (one.events?.[0]?.modRevision ?? 0) >= start)
  const received = later.filter((one) => entries[0] && (one.stream === 0 || one.stream === 1))
  const opened = { type: 'open', stream, member: 'm1', watcher: 'late', startRevision: start }
  const late = [opened, ...received.map((one) => ({ ...one, stream }))] as Entry[]
  entries.push(...late.map((one) => ({ ...one, timeNs: 9 }) as Entry))
  return entries.slice(-late.length)
}

test('a late watcher receives events from its start on, and resumes no other watcher', () => {
  const verdict = judge((entries) => void comeLate(entries))
  expect(verdict).toMatchObject({ verdict: 'valid', evidence: { watchers: 2, late: 1 } })
})

test('a late watcher must receive the event at its start', () => {
  const verdict = judge((entries) => {
    const [, first] = comeLate(entries)
    entries.splice(entries.indexOf(first as Entry), 1)
  })
  expect(verdict.reason).toMatch(/watch at m1 is not reliable: .* at revision 20 is missing/)
})

/** A late watcher that asked for less than everything, and receives what these keep. */
function judgeScope(
  scope: Partial<WatchOpening>,
  keeps: (event: WatchedEvent) => boolean,
  change: (entries: Entry[]) => void = () => {},
) {
  return judge((entries) => {
    const late = comeLate(entries)
    Object.assign(late[0] as Entry, scope)
    for (const one of late.filter(({ events }) => events)) {
      one.events = one.events?.filter(keeps) ?? []
      if (one.events.length === 0) entries.splice(entries.indexOf(one), 1)
    }
    change(late.filter(({ events = [] }) => events.length > 0))
  })
}

test('a watcher of some keys misses no event of the others, and must receive its own', () => {
  const some = { key: 'k1', end: 'k2' }
  expect(judgeScope(some, ({ key }) => key === 'k1').verdict).toBe('valid')
  const [one, all] = [{ key: 'k2' }, { key: 'k1', end: '\0' }]
  expect(judgeScope(one, ({ key }) => key === 'k2').verdict).toBe('valid')
  expect(judgeScope(all, ({ key }) => key >= 'k1').verdict).toBe('valid')
  expect(judgeScope(all, ({ key }) => key === 'k2').codes).toEqual(['event-missing'])
})

test('a watcher receives no event that it has not asked for', () => {
  const codes = ['event-not-asked-for']
  expect(judgeScope({ key: 'k1', end: 'k2' }, () => true).codes).toEqual(codes)
  expect(judgeScope({ key: 'k1' }, () => true).codes).toEqual(codes)
  expect(judgeScope({ without: ['delete'] }, () => true).codes).toEqual(codes)
})

test('a watcher without deletes misses none, and judges no previous version by them', () => {
  const without = ['delete' as const]
  expect(judgeScope({ without }, ({ type }) => type === 'put').verdict).toBe('valid')
  expect(judgeScope({}, ({ type }) => type === 'put').codes).toContain('event-missing')
})

test('a watcher that asked for no previous values receives none', () => {
  const drop = (entries: Entry[]) => {
    for (const one of entries) one.events = one.events?.map(({ prev: _, ...rest }) => rest) ?? []
  }
  expect(judgeScope({ prevKv: false }, () => true, drop).verdict).toBe('valid')
  expect(judgeScope({}, () => true, drop).codes).toEqual(['wrong-previous-value'])
})

test('a late watcher that receives nothing changes no verdict', () => {
  const silent = (entries: Entry[]) => {
    for (const one of comeLate(entries).slice(1)) entries.splice(entries.indexOf(one), 1)
  }
  expect(judge(silent).verdict).toBe('valid')
  const ownSilent = (entries: Entry[]) => {
    comeLate(entries)
    const own = entries.filter(({ stream, events }) => stream < 2 && events)
    const said = entries.filter(({ stream, type }) => stream < 2 && type === 'bookmark')
    for (const one of [...own, ...said]) entries.splice(entries.indexOf(one), 1)
    for (const one of entries) {
      if (one.type === 'open' && one.stream < 2) Object.assign(one, { startRevision: 2 })
    }
  }
  expect(judge(ownSilent)).toMatchObject({ verdict: 'unknown' })
})

test('a stream may end without the events after its last revision', () => {
  const verdict = judge((entries) => {
    const ofLast = entries.filter(({ stream, type }) => stream === 3 && type !== 'open')
    for (const one of ofLast.slice(5)) entries.splice(entries.indexOf(one), 1)
  })
  expect(verdict.verdict).toBe('valid')
})

test('a previous value may be absent once it is compacted', () => {
  const { history, entries } = goodEvidence()
  delete (eventAt(entries, 10) as { prev?: unknown }).prev
  const header = { format: 'gauntlet-watch/1', fromEmpty: true } as const
  const final = { members: [{ compactRevision: 20 }] } as unknown as NonNullable<
    CheckInput['final']
  >
  expect(
    watchChecker.check({ history, watches: { header, entries } as WatchLog, final }).verdict,
  ).toBe('valid')
})

test('a watch log survives a round trip, and an error in a file names its line', () => {
  const { entries } = goodEvidence()
  const header = { format: 'gauntlet-watch/1', fromEmpty: true }
  const text = [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('')
  expect(parseWatchLog(text)).toEqual({ header, entries })
  expect(() => parseWatchLog('{"format":"gauntlet-history/1"}\n')).toThrow('watch.jsonl:1')
  expect(() => parseWatchLog(`${JSON.stringify(header)}\n{"type":"odd"}\n`)).toThrow(':2:')
})

/** The first stream is cancelled after its first message of that type. */
function cancel(
  entries: Entry[],
  { after, reason = '' }: { readonly after: Entry['type']; readonly reason?: string },
): void {
  const canceled = { type: 'canceled', stream: 0, compactRevision: 0, reason, timeNs: 9 }
  const at = entries.findIndex(({ type, stream }) => type === after && stream === 0)
  entries.splice(at + 1, 0, canceled as Entry)
}

test('a watch may be cancelled for a reason, or when it is created', () => {
  const judgeCancel = (options: Parameters<typeof cancel>[1]) =>
    judge((entries) => cancel(entries, options)).verdict
  expect(judgeCancel({ after: 'bookmark', reason: 'etcdserver: permission denied' })).toBe('valid')
  expect(judgeCancel({ after: 'created' })).toBe('valid')
})

test('a log that does not record responses asserts nothing by their revisions and cancellations', () => {
  const verdict = judge((entries) => {
    Object.assign(responses(entries)[10] as Entry, { revision: 11 })
    cancel(entries, { after: 'bookmark' })
  }, {})
  expect(verdict.verdict).toBe('valid')
})

function swap(entries: Entry[], one: number, other: number): void {
  const [first, second] = [responses(entries)[one] as Entry, responses(entries)[other] as Entry]
  ;[first.events, second.events] = [second.events as WatchedEvent[], first.events as WatchedEvent[]]
}

function repeat(entries: Entry[], at: number): void {
  const twice = responses(entries)[at] as Entry
  entries.splice(entries.indexOf(twice), 0, twice)
}

test('the streams of one watcher have no gap between them', () => {
  const verdict = judge((entries) => {
    const next = entries.filter(({ stream }) => stream === 1)
    for (const one of next.filter(({ events }) => (events?.[0]?.modRevision ?? 99) < 25)) {
      entries.splice(entries.indexOf(one), 1)
    }
    Object.assign(next[0] as Entry, { startRevision: 25 })
  })
  expect(verdict).toMatchObject({ verdict: 'invalid', codes: ['stream-gap'] })
})

test.each(['created', 'events'])('no header of %s is newer than the store was then', (type) => {
  const ahead = (entries: Entry[]) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as Entry
    // Each put was sent at 1 ns: a client that reads later finds the store at its first revision.
    Object.assign(early, { timeNs: 0, revision: 3 })
  }
  expect(judge(ahead).codes).toContain('ahead-of-store')
  expect(judge(ahead, {}).codes ?? []).not.toContain('ahead-of-store')
})

test.each(['bookmark', 'events'])('no %s is newer than the store was when it came', (type) => {
  const verdict = judge((entries) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as Entry
    // Each put was sent at 1 ns: a client that reads later finds the store at its first revision.
    Object.assign(early, { timeNs: 0 })
    if (type === 'events') eventAt(entries, 0).modRevision = 3
  })
  expect(verdict.codes).toContain('ahead-of-store')
  const late = judge((entries, history) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as Entry
    Object.assign(early, { timeNs: 0 })
    for (const event of history.events) Object.assign(event, { serializable: true, f: 'get' })
  })
  expect(late.codes ?? []).not.toContain('ahead-of-store')
})

/** The watcher of m1 is cancelled by a compaction at 25 after its first stream, and goes on there. */
function compact(entries: Entry[], requested: number | undefined, compactRevision = 25): void {
  const next = entries.filter(({ stream }) => stream === 1)
  for (const one of next.filter(({ events }) => (events?.[0]?.modRevision ?? 99) < 25)) {
    entries.splice(entries.indexOf(one), 1)
  }
  Object.assign(next[0] as Entry, { startRevision: 25 })
  const cancel = { type: 'canceled', stream: 0, compactRevision, reason: '', timeNs: 9 }
  const closed = entries.findIndex(({ stream, type }) => stream === 0 && type === 'closed')
  entries.splice(closed, 0, cancel as Entry)
  const note = { type: 'compaction', member: 'm1', revision: requested ?? 0, timeNs: 0 }
  if (requested !== undefined) entries.unshift(note as unknown as Entry)
}

function judgeCompacted(mutate: (entries: Entry[]) => void, recordsCompactions = true) {
  const { history, entries } = goodEvidence()
  mutate(entries)
  const header = { format: 'gauntlet-watch/1', fromEmpty: true, recordsCompactions } as const
  const final = { members: [{ compactRevision: 25 }] } as unknown as NonNullable<
    CheckInput['final']
  >
  return watchChecker.check({ history, watches: { header, entries } as WatchLog, final })
}

test('a compaction that a client requested may cancel a watcher, and take events from it', () => {
  expect(judgeCompacted((entries) => compact(entries, 25)).verdict).toBe('valid')
  expect(judgeCompacted((entries) => compact(entries, 30)).verdict).toBe('valid')
  expect(judgeCompacted((entries) => compact(entries, undefined), false).verdict).toBe('valid')
})

test('a cancellation is believed up to what was requested to compact', () => {
  for (const requested of [undefined, 20]) {
    expect(judgeCompacted((entries) => compact(entries, requested))).toMatchObject({
      verdict: 'invalid',
      code: 'compaction-not-requested',
    })
  }
  const beyond = judgeCompacted((entries) => compact(entries, 30, 24))
  expect(beyond).toMatchObject({ codes: ['stream-gap'] })
})

test('a watcher that received everything up to a compaction is not cancelled by it', () => {
  const verdict = judgeCompacted((entries) => compact(entries, 30, 20))
  expect(verdict.codes).toContain('compaction-not-requested')
})

test('a previous value is there until a client requests the compaction of its revision', () => {
  const withoutPrev = (requestedAt: 'before' | 'after') =>
    judgeCompacted((entries) => {
      delete (eventAt(entries, 10) as { prev?: unknown }).prev
      const note = { type: 'compaction', member: 'm1', revision: 25, timeNs: 0 }
      const place = requestedAt === 'before' ? 0 : entries.length
      entries.splice(place, 0, note as unknown as Entry)
    })
  expect(withoutPrev('before').verdict).toBe('valid')
  expect(withoutPrev('after')).toMatchObject({ code: 'wrong-previous-value' })
})
