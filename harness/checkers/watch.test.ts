import { expect, test } from 'vitest'
import { parseWatchLog, type WatchedEvent, type WatchLog } from '../history/logs/watch.ts'
import {
  type ChangeableEntry,
  cancel,
  eventAt,
  goodEvidence,
  judge,
  responses,
  type StoredState,
} from './testing/watch-evidence.ts'
import { watchChecker } from './watch.ts'

test('watchers that receive every event in order are valid', () => {
  expect(judge()).toMatchObject({ verdict: 'valid', evidence: { watchers: 2, streams: 4 } })
})

test('watchers that receive nothing are unknown', () => {
  expect(judge((entries) => entries.splice(0)).verdict).toBe('unknown')
})

const mutations: readonly [
  guarantee: string,
  what: string,
  (entries: ChangeableEntry[]) => void,
][] = [
  [
    'reliable',
    'an event missing',
    (entries) => entries.splice(entries.indexOf(responses(entries)[5] as ChangeableEntry), 1),
  ],
  [
    'reliable',
    'the last event before a bookmark missing',
    (entries) => entries.splice(entries.indexOf(responses(entries).at(-1) as ChangeableEntry), 1),
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
        ...(other?.events?.[0] as StoredState),
        modRevision: eventAt(entries, 5).modRevision,
      }
      if (one && other) other.events = [moved as unknown as WatchedEvent]
    },
  ],
  [
    'bookmarkable',
    'a bookmark ahead of its events',
    (entries) => {
      const bookmark = entries.find(({ type }) => type === 'bookmark') as ChangeableEntry
      entries.splice(entries.indexOf(responses(entries)[7] as ChangeableEntry), 0, bookmark)
    },
  ],
  [
    'resumable',
    'events from before the revision asked for',
    (entries) => {
      const open = entries.find(({ type, stream }) => type === 'open' && stream === 1)
      Object.assign(open as ChangeableEntry, { startRevision: 30 })
    },
  ],
  [
    'previous value',
    'another previous value',
    (entries) => {
      const prev = eventAt(entries, 10).prev as StoredState
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
      Object.assign(responses(entries)[10] as ChangeableEntry, { otherWatch: '8' })
    },
  ],
  [
    'limited to whole responses',
    'a fragment',
    (entries) => {
      Object.assign(responses(entries)[10] as ChangeableEntry, { fragment: true })
    },
  ],
  [
    'as new as its events',
    'an event that is newer than the revision in its header',
    (entries) => {
      Object.assign(responses(entries)[10] as ChangeableEntry, { revision: 11 })
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

test('a stream may end without the events after its last revision', () => {
  const verdict = judge((entries) => {
    const ofLast = entries.filter(({ stream, type }) => stream === 3 && type !== 'open')
    for (const one of ofLast.slice(5)) entries.splice(entries.indexOf(one), 1)
  })
  expect(verdict.verdict).toBe('valid')
})

test('a watch log survives a round trip, and an error in a file names its line', () => {
  const { entries } = goodEvidence()
  const header = { format: 'gauntlet-watch/1', fromEmpty: true }
  const text = [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('')
  expect(parseWatchLog(text)).toEqual({ header, entries })
  expect(() => parseWatchLog('{"format":"gauntlet-history/1"}\n')).toThrow('watch.jsonl:1')
  expect(() => parseWatchLog(`${JSON.stringify(header)}\n{"type":"odd"}\n`)).toThrow(':2:')
})

function swap(entries: ChangeableEntry[], one: number, other: number): void {
  const [first, second] = [
    responses(entries)[one] as ChangeableEntry,
    responses(entries)[other] as ChangeableEntry,
  ]
  ;[first.events, second.events] = [second.events as WatchedEvent[], first.events as WatchedEvent[]]
}

function repeat(entries: ChangeableEntry[], at: number): void {
  const twice = responses(entries)[at] as ChangeableEntry
  entries.splice(entries.indexOf(twice), 0, twice)
}

test('the streams of one watcher have no gap between them', () => {
  const verdict = judge((entries) => {
    const next = entries.filter(({ stream }) => stream === 1)
    for (const one of next.filter(({ events }) => (events?.[0]?.modRevision ?? 99) < 25)) {
      entries.splice(entries.indexOf(one), 1)
    }
    Object.assign(next[0] as ChangeableEntry, { startRevision: 25 })
  })
  expect(verdict).toMatchObject({ verdict: 'invalid', codes: ['stream-gap'] })
})
