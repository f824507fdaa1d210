import { expect, test } from 'vitest'
import { operations } from '../../history/join.ts'
import type { WatchEntry, WatchLog } from '../../history/logs/watch.ts'
import type { HistoryEvent, OperationEvent } from '../../history/operations.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import { settleByWatches } from './settle-by-watches.ts'

const at = { timeNs: 0 }
const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
const unknown = (process: number, f: string, key: string, value?: unknown): HistoryEvent[] => [
  { type: 'invoke', process, f, key, ...at, ...(value !== undefined && { value }) },
  { type: 'info', process, f, key, ...at, error: 'timeout' },
]
const put = (process: number, key: string, value: string, revision: number): HistoryEvent[] => [
  { type: 'invoke', process, f: 'put', key, value, ...at },
  { type: 'ok', process, f: 'put', key, revision, ...at },
]
const events: HistoryEvent[] = [
  ...put(0, 'a', 'v1', 2),
  ...unknown(1, 'put', 'a', 'seen'),
  ...unknown(2, 'cas', 'a', ['seen', 'swapped']),
  ...unknown(3, 'put', 'a', 'never'),
  ...unknown(4, 'delete', 'b'),
  ...unknown(5, 'delete', 'a'),
  ...put(0, 'a', 'last', 6),
]

/** One watcher: revision 3 is the unknown put, 4 the compare-and-set, 5 another's delete of a. */
function watches(until: number): WatchLog {
  const received = [
    { type: 'put', key: 'a', value: 'v1', modRevision: 2, createRevision: 2, version: 1 },
    { type: 'put', key: 'a', value: 'seen', modRevision: 3, createRevision: 2, version: 2 },
    { type: 'put', key: 'a', value: 'swapped', modRevision: 4, createRevision: 2, version: 3 },
    { type: 'delete', key: 'a', modRevision: 5 },
    { type: 'put', key: 'a', value: 'last', modRevision: 6, createRevision: 6, version: 1 },
  ].filter(({ modRevision }) => modRevision <= until)
  const entries = [
    { type: 'open', stream: 0, member: 'm1', startRevision: 2, ...at },
    ...received.map((event) => ({
      type: 'events',
      stream: 0,
      revision: 6,
      events: [event],
      ...at,
    })),
  ] as unknown as WatchEntry[]
  return { header: { format: 'gauntlet-watch/1', fromEmpty: true }, entries }
}

function outcomes(until: number): string[] {
  const { history } = settleByWatches({ history: { header, events }, watches: watches(until) })
  return operations(history).map(({ outcome, completion }) => `${outcome} ${completion?.revision}`)
}

test('a write that watchers observed happened, and one that none observed did not', () => {
  expect(outcomes(6)).toEqual([
    'ok 2',
    'ok 3',
    'ok 4',
    'fail undefined',
    'fail undefined',
    'ok 5',
    'ok 6',
  ])
})

test('without watchers for every revision no write is taken for one that did not happen', () => {
  expect(outcomes(3)).toEqual([
    'ok 2',
    'ok 3',
    ...Array.from({ length: 4 }, () => 'info undefined'),
    'ok 6',
  ])
})

test('an answer without a revision keeps every unobserved write unknown', () => {
  const vague = (type: 'ok' | 'invoke', process = 9) => ({
    type,
    process,
    f: 'get',
    key: 'z',
    ...at,
  })
  const asked = [...events, vague('invoke'), { ...vague('ok'), value: 'w' }]
  const evidence = { history: { header, events: asked }, watches: watches(6) }
  const settled = operations(settleByWatches(evidence).history)
  expect(settled.filter(({ outcome }) => outcome === 'fail')).toEqual([])
  expect(settled[1]).toMatchObject({ outcome: 'ok', completion: { revision: 3 } })
})

test('settling keeps the verdict valid and the indexes of events', () => {
  const { history } = settleByWatches({ history: { header, events }, watches: watches(6) })
  expect(checkEtcd(history).verdict).toBe('valid')
  history.events.slice(0, events.length).forEach((event, index) => {
    if (event.type !== 'removed') expect(event).toEqual(events[index])
  })
})

test('what a watcher received after the members were read at the end stays unknown', () => {
  const before = events.slice(0, -2)
  const read = { member: 'm1', revision: 3, keys: {}, hash: 1, hashRevision: 3, compactRevision: 9 }
  const evidence = { history: { header, events: before }, watches: watches(4) }
  const settledOf = (final: object) =>
    operations(settleByWatches({ ...evidence, ...final }).history)
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ completion }) => completion?.revision)
  expect(settledOf({})).toEqual([2, 3, 4])
  expect(settledOf({ final: { members: [read] } })).toEqual([2, 3])
})

test('a value of two writers, or a process with a later request, stays unknown', () => {
  const twice = [...unknown(1, 'put', 'a', 'seen'), ...unknown(2, 'put', 'a', 'seen')]
  const went = [...unknown(1, 'put', 'a', 'seen'), ...put(1, 'a', 'last', 6)]
  for (const some of [twice, went]) {
    const evidence = { history: { header, events: some }, watches: watches(6) }
    expect(settleByWatches(evidence).history.events).toEqual(some)
  }
})

/** What the requests beside an acknowledged put of a are settled to; a is deleted at revision 5. */
function settledBeside(...requests: readonly HistoryEvent[][]): string[] {
  const known = [...put(9, 'a', 'v1', 2), ...put(8, 'a', 'seen', 3), ...put(7, 'a', 'swapped', 4)]
  const history = { header, events: [...known, ...requests.flat()] }
  return operations(settleByWatches({ history, watches: watches(5) }).history)
    .slice(3)
    .map(({ outcome, completion }) => `${outcome} ${completion?.revision}`)
}

test('of equal deletes the earliest ones made the deletions, and the others changed nothing', () => {
  const mine = (process: number) => unknown(process, 'delete', 'a')
  expect(settledBeside(mine(1), mine(2), unknown(3, 'delete', 'b'))).toEqual([
    'ok 5',
    'fail undefined',
    'fail undefined',
  ])
})

test('a deletion that something else may have made settles no delete', () => {
  const mine = unknown(1, 'delete', 'a')
  const unsettled = 'info undefined'
  expect(settledBeside(mine, txn(2, [['delete', 'a']]))).toEqual([unsettled, unsettled])
  const bound = put(2, 'a', 'bound', 3).map((event) => ({ ...event, lease: '7' }))
  expect(settledBeside(mine, bound)[0]).toBe(unsettled)
  const wentOn = [...unknown(2, 'delete', 'a'), ...put(2, 'z', 'v', 9)]
  expect(settledBeside(mine, wentOn).slice(0, 2)).toEqual([unsettled, unsettled])
})

test('the end of a lease happened when watchers observed that its keys went', () => {
  const put = { ...at, f: 'put', key: 'a', value: 'v1', lease: '7', process: 9 } as const
  const end = { type: 'invoke', process: 1, f: 'txn', expiryOf: '7', ...at } as const
  const history: HistoryEvent[] = [
    ...[
      { ...end, value: branchesOf([['delete', 'a']]) },
      { ...put, type: 'invoke' as const },
    ],
    { ...put, type: 'ok', revision: 2 },
  ]
  const [, ...others] = watches(5).entries
  const gone = others.at(-1)
  const entries = [
    ...watches(2).entries,
    { ...gone, events: [{ type: 'delete', key: 'a', modRevision: 3 }] },
  ]
  const log = { ...watches(2), entries: entries as unknown as WatchEntry[] }
  const settled = operations(
    settleByWatches({ history: { header, events: history }, watches: log }).history,
  )
  expect(settled[0]).toMatchObject({ outcome: 'ok', completion: { revision: 3, value: [1] } })
})

test('invalid watches settle nothing', () => {
  const wrong = watches(6)
  const entries = wrong.entries.filter(({ type }, index) => type === 'open' || index !== 1)
  const evidence = { history: { header, events }, watches: { ...wrong, entries } }
  expect(settleByWatches(evidence)).toBe(evidence)
})

/** Of a transaction, `then` and `else`. */
const branchesOf = (then: unknown[], otherwise: unknown[] = []) => {
  return { compare: [], then, else: otherwise }
}

const txn = (process: number, then: unknown[], otherwise: unknown[] = []): HistoryEvent[] => {
  const at = { process, f: 'txn', timeNs: 0 }
  const value = { ...branchesOf(then, otherwise), compare: [['a', 'mod', '=', 2]] }
  return [
    { type: 'invoke', ...at, value },
    { type: 'info', ...at, error: 'timeout' },
  ]
}

/** After three acknowledged puts; the watcher also received a delete at revision 5. */
function settledTxn(...transactions: HistoryEvent[][]) {
  const puts = [...put(9, 'a', 'v1', 2), ...put(8, 'a', 'seen', 3), ...put(7, 'a', 'swapped', 4)]
  const history = { header, events: [...puts, ...transactions.flat()] }
  return operations(settleByWatches({ history, watches: watches(5) }).history)
    .filter(({ f }) => f === 'txn')
    .map(({ outcome, completion: { applied, revision, value } = {} as OperationEvent }) => {
      return [outcome, applied, revision, value]
    })
}

test('a transaction happened in the branch whose change watchers observed', () => {
  const mine = [['delete', 'a']]
  expect(settledTxn(txn(1, mine))).toEqual([['ok', true, 5, [1]]])
  expect(settledTxn(txn(1, [...mine, ...mine]))).toEqual([['ok', true, 5, [1, 0]]])
  expect(settledTxn(txn(1, [['put', 'z', 'never']], mine))).toEqual([['ok', false, 5, [1]]])
})

test('a change that two requests or either branch may have made settles nothing', () => {
  const mine = [['delete', 'a']]
  const unknown = ['info', undefined, undefined, undefined]
  expect(settledTxn(txn(1, mine), txn(2, mine))).toEqual([unknown, unknown])
  expect(settledTxn(txn(1, mine, mine))).toEqual([unknown])
  const seen = [['put', 'a', 'seen']]
  expect(settledTxn(txn(1, seen), txn(2, mine))[0]).toEqual(unknown)
  expect(settledTxn(txn(1, [...mine, ['get', 'a']]))).toEqual([unknown])
})

test('a transaction without an observed change did nothing', () => {
  const never = ['put', 'z', 'never']
  const nothing = ['fail', undefined, undefined, undefined]
  const mine = txn(2, [['delete', 'a']])
  expect(settledTxn(txn(1, [never, ['delete', 'a']]), mine)[0]).toEqual(nothing)
  expect(settledTxn(txn(1, [never], [['get', 'a']]), mine)[0]).toEqual(nothing)
  expect(settledTxn(txn(1, [['delete', 'b']]), mine)[0]).toEqual(nothing)
})
