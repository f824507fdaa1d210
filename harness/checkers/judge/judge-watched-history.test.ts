import { expect, test } from 'vitest'
import type { WatchEntry, WatchedEvent } from '../../history/logs/watch.ts'
import type { HistoryEvent, OperationEvent } from '../../history/operations.ts'
import { judgeWatchedHistory } from './judge-watched-history.ts'

type Request = Readonly<Record<string, unknown>> & { readonly f: string }

/** One process after another; an answer without a type never came. */
function eventsOf(...requests: readonly (readonly [Request, object?])[]) {
  return requests.flatMap(([request, answer], process): HistoryEvent[] => {
    const { f } = request
    const invoke = { ...request, type: 'invoke', process, timeNs: 2 * process } as OperationEvent
    if (answer === undefined) return [invoke]
    return [
      invoke,
      { type: 'ok', process, f, timeNs: 2 * process + 1, ...answer } as OperationEvent,
    ]
  })
}

const put = (revision: number, key: string, value: string, isCreate: boolean): WatchedEvent => {
  return { type: 'put', key, value, modRevision: revision, isCreate }
}

function judge(events: readonly HistoryEvent[], ...watched: readonly WatchedEvent[]) {
  const open = { type: 'open', stream: 0, timeNs: 0, member: 'm1', startRevision: 2 } as const
  const lists = [...Map.groupBy(watched, ({ modRevision }) => modRevision)]
  const entries: WatchEntry[] = lists.map(([revision, list]) => {
    return { type: 'events', stream: 0, timeNs: 1, revision, events: list }
  })
  return judgeWatchedHistory(
    {
      history: {
        header: { format: 'gauntlet-history/1', model: 'etcd', initial: { revision: 1 } },
        events,
      },
      watches: {
        header: { format: 'gauntlet-watch/2', fromEmpty: true },
        entries: watched.length > 0 ? [open, ...entries] : [],
      },
    },
    { timeoutMs: 60_000 },
  )
}

const leased = { f: 'put', key: 'a', value: '1', lease: '7' }

test('a revoke deletes the keys of its lease in one revision, and no key that moved on', () => {
  const before = [
    [{ f: 'grant', lease: '7' }, { revision: 1 }],
    [leased, { revision: 2 }],
    [{ ...leased, key: 'b' }, { revision: 3 }],
    [{ f: 'put', key: 'b', value: '2' }, { revision: 4 }],
    [{ f: 'revoke', lease: '7' }, { revision: 5 }],
  ] as const
  const read = (...value: unknown[]) =>
    [
      { f: 'range', key: 'a', end: 'c' },
      { value, count: value.length, revision: 5 },
    ] as const
  expect(judge(eventsOf(...before, read(['b', '2', 4, 2]))).verdict).toBe('valid')
  expect(judge(eventsOf(...before, read(['a', '1', 2, 1], ['b', '2', 4, 2])))).toMatchObject({
    verdict: 'invalid',
  })
  expect(judge(eventsOf(...before, read(['b', '2', 4, 1])))).toMatchObject({ code: 'wrong-answer' })
})

test('after the revoke of its lease a put creates no revision, known or not', () => {
  const revoked = [
    [{ f: 'grant', lease: '7' }, { revision: 1 }],
    [{ f: 'revoke', lease: '7' }, { revision: 1 }],
  ] as const
  const late = judge(eventsOf(...revoked, [leased, { revision: 2 }]))
  expect(late).toMatchObject({ verdict: 'invalid', code: 'impossible-answer' })
  expect(late.reason).toContain('its lease was revoked at revision 1')
  const read = [
    { f: 'get', key: 'a' },
    { value: '1', modRevision: 2, revision: 2 },
  ] as const
  expect(judge(eventsOf(...revoked, [leased], read)).verdict).toBe('invalid')
  expect(judge(eventsOf([leased], read)).verdict).toBe('valid')
})

test('a put under a lease that no client requested is impossible', () => {
  const granted = [{ f: 'grant', lease: '8' }, { revision: 1 }] as const
  expect(judge(eventsOf(granted, [leased, { revision: 2 }])).reason).toContain(
    'no client had requested its lease 7 by then',
  )
  const unnamed = [{ f: 'grant' }] as const
  expect(judge(eventsOf(unnamed, granted, [leased, { revision: 2 }])).verdict).toBe('valid')
})

const compact = (atRevision: number) => ({ f: 'compact', atRevision })
const puts = [
  [{ f: 'put', key: 'a', value: '1' }, { revision: 2 }],
  [{ f: 'put', key: 'a', value: '2' }, { revision: 3 }],
] as const

test.each([
  [
    'a later one',
    [
      [compact(2), {}],
      [compact(3), {}],
    ],
    'valid',
  ],
  [
    'an earlier one',
    [
      [compact(3), {}],
      [compact(2), {}],
    ],
    'compacted-revision',
  ],
  [
    'the same one',
    [
      [compact(3), {}],
      [compact(3), {}],
    ],
    'compacted-revision',
  ],
  [
    'one that was rejected',
    [
      [compact(3), {}],
      [compact(2), { rejectedAs: 'compacted' }],
    ],
    'valid',
  ],
  ['one rejected without reason', [[compact(2), { rejectedAs: 'compacted' }]], 'wrong-rejection'],
  ['one rejected as future', [[compact(3), { rejectedAs: 'future' }]], 'wrong-rejection'],
  ['one beyond the store', [[compact(9), { rejectedAs: 'future' }]], 'valid'],
  [
    'a read before it',
    [
      [compact(3), {}],
      [
        { f: 'range', key: 'a', atRevision: 2 },
        { value: [['a', '1', 2]], revision: 3 },
      ],
    ],
    'compacted-revision',
  ],
] as const)('after a compaction, %s', (_, requests, expected) => {
  const { verdict, code } = judge(eventsOf(...puts, ...requests))
  expect(code ?? verdict).toBe(expected)
})

test('watches settle unknown outcomes, and are judged first', () => {
  const unknown = eventsOf(
    [{ f: 'put', key: 'a', value: '1' }],
    [
      { f: 'get', key: 'a' },
      { value: '1', modRevision: 2, revision: 2 },
    ],
  )
  expect(judge(unknown, put(2, 'a', '1', true)).verdict).toBe('valid')
  expect(judge(unknown, put(2, 'a', '1', false))).toMatchObject({
    checker: 'watch',
    code: 'wrong-creation-or-version',
  })
  expect(judge(unknown, put(2, 'a', '3', true)).code).toBe('unwritten-event')
})
