import { expect, test } from 'vitest'
import { createRandom, type Random } from '../core/random.ts'
import type { WatchEntry, WatchLog } from '../history/logs/watch.ts'
import type { History, HistoryEvent, OperationEvent } from '../history/operations.ts'
import { invocationOf, type Request } from '../history/request.ts'
import { txn } from '../workload/program.ts'
import { simulateStore } from '../workload/testing/simulate-store.ts'
import type { CheckInput } from './checker.ts'
import { keyMetadataChecker } from './key-metadata.ts'

type Fields = Readonly<Record<string, unknown>>

/** One request after the other: [f, asked, answered]. */
type Asked = readonly [f: string, asked: Fields, answer: Fields | 'info']

function historyOf(...requests: readonly Asked[]): History {
  const events = requests.flatMap(([f, asked, answer], at): HistoryEvent[] => {
    const fields = typeof answer === 'string' ? { type: answer } : { type: 'ok', ...answer }
    const common = { process: at, f, timeNs: at }
    return [
      { type: 'invoke', ...common, ...asked },
      { ...common, ...fields },
    ] as HistoryEvent[]
  })
  return { header: { format: 'gauntlet-history/1', model: 'etcd' }, events }
}

const put = (key: string, revision: number, more: Fields = {}): Asked => [
  'put',
  { key, value: `v${revision}` },
  { revision, ...more },
]
const remove = (key: string, revision: number): Asked => [
  'delete',
  { key },
  { deleted: 1, revision },
]

/** [created, version] at a mod revision. */
const get = (key: string, modRevision: number, [created, version]: number[], more: Fields = {}) => {
  const fields = {
    value: `v${modRevision}`,
    modRevision,
    createRevision: created,
    version,
    ...more,
  }
  return ['get', { key }, { ...fields, revision: 99 }] as Asked
}

const judge = (...requests: readonly Asked[]) =>
  keyMetadataChecker.check({ history: historyOf(...requests) })

test('answers without a version prove nothing, and none is counted', () => {
  expect(judge(put('a', 2), put('a', 3))).toMatchObject({ verdict: 'unknown', factsJudged: 0 })
})

test.each<[string, Asked[]]>([
  ['grows with each write', [put('a', 2), put('a', 3), get('a', 2, [2, 1]), get('a', 3, [2, 2])]],
  ['begins again once it was deleted', [get('a', 4, [2, 3]), remove('a', 5), get('a', 7, [6, 2])]],
  ['begins again after a delete that no answer shows', [get('a', 4, [2, 3]), get('a', 6, [6, 1])]],
  ['has a lease that a put changes', [get('a', 2, [2, 1], { lease: '7' }), get('a', 3, [2, 2])]],
  ['is shown by the put that replaced it', [put('a', 2), put('a', 3, { prev: prev(2, 2, 1) })]],
])('a key that %s is valid', (_, requests) => {
  expect(judge(...requests)).toMatchObject({ verdict: 'valid' })
})

function prev(modRevision: number, createRevision: number, version: number) {
  return { value: `v${modRevision}`, modRevision, createRevision, version }
}

test.each<[string, Asked[]]>([
  ['two versions at once', [get('a', 5, [2, 2]), get('a', 5, [2, 3])]],
  ['two creations at once', [get('a', 5, [2, 2]), get('a', 5, [3, 2])]],
  ['two leases at once', [get('a', 5, [2, 2], { lease: '7' }), get('a', 5, [2, 2])]],
  ['a value that no operation put there', [put('a', 2), get('a', 2, [2, 1], { value: 'other' })]],
  ['no creation and version 1', [get('a', 5, [2, 1])]],
  ['a creation and version 2', [get('a', 5, [5, 2])]],
  ['a creation after its mod revision', [get('a', 5, [6, 1])]],
  ['more versions than revisions', [get('a', 5, [4, 3])]],
  ['a version that stands still', [get('a', 5, [2, 3]), get('a', 6, [2, 3])]],
  ['a version that skips a number', [get('a', 5, [2, 2]), get('a', 6, [2, 4])]],
  ['a version that counts writes of other keys', [put('b', 3), get('a', 4, [2, 3])]],
  ['a version that misses a write', [put('a', 2), put('a', 3), get('a', 4, [2, 2])]],
  ['a creation before its delete', [get('a', 4, [2, 2]), remove('a', 5), get('a', 6, [2, 3])]],
  ['a creation that goes back', [get('a', 4, [4, 1]), get('a', 6, [2, 3])]],
  ['a creation while it was there', [get('a', 4, [2, 2]), get('a', 5, [5, 1])]],
  ['a creation by a write of another key', [put('b', 3), get('a', 5, [3, 2])]],
  ['a state at the revision of its delete', [remove('a', 5), get('a', 5, [2, 2])]],
  ['a lease that the put did not name', [put('a', 2), get('a', 2, [2, 1], { lease: '7' })]],
  [
    'a version that does not follow from the one that was replaced',
    [put('a', 5, { prev: prev(2, 2, 1) }), get('a', 5, [2, 3])],
  ],
  [
    'another version in a list',
    [
      get('a', 5, [2, 2]),
      [
        'range',
        { key: 'a', end: 'b' },
        { value: [['a', 'v5', 5]], metadata: [[2, 3]], revision: 9 },
      ],
    ],
  ],
  [
    'another version in a transaction',
    [
      get('a', 5, [2, 2]),
      [
        'txn',
        { value: txn([], [['get', 'a']]).value },
        { applied: true, value: [['v5', 5]], metadata: [[2, 3]], revision: 9 },
      ],
    ],
  ],
])('a key with %s is invalid', (_, requests) => {
  expect(judge(...requests)).toMatchObject({ verdict: 'invalid', evidence: { partition: 'a' } })
})

test('the reason names both requests and what each showed', () => {
  expect(judge(get('a', 5, [2, 2]), get('a', 5, [2, 3])).reason).toBe(
    'get of a by process 1 shows a at mod revision 5 as "v5", createRevision 2, version 3, lease none, and get of a by process 0 shows a at mod revision 5 as "v5", createRevision 2, version 2, lease none',
  )
})

test('an answer that differs from a watch event is invalid', () => {
  const event = { type: 'put', key: 'a', ...prev(5, 2, 2) } as const
  const entries: WatchEntry[] = [
    { type: 'open', stream: 0, timeNs: 0, member: 'm1', startRevision: 2 },
    { type: 'events', stream: 0, timeNs: 1, revision: 5, events: [event] },
  ]
  const watches: WatchLog = { header: { format: 'gauntlet-watch/1' }, entries }
  const check = (version: number) =>
    keyMetadataChecker.check({ history: historyOf(get('a', 5, [2, version])), watches })
  expect(check(2)).toMatchObject({ verdict: 'valid', operations: 2 })
  expect(check(3).verdict).toBe('invalid')
})

test.each([true, false])(
  'an event has the lease of its put, recorded or not: %s',
  (recordsLeases) => {
    const check = (lease: object) => {
      const event = { type: 'put', key: 'a', ...prev(5, 2, 2), ...lease } as const
      const entries: WatchEntry[] = [
        { type: 'open', stream: 0, timeNs: 0, member: 'm1', startRevision: 2 },
        { type: 'events', stream: 0, timeNs: 1, revision: 5, events: [event] },
      ]
      const watches: WatchLog = { header: { format: 'gauntlet-watch/2', recordsLeases }, entries }
      const asked = get('a', 5, [2, 2], { lease: '7' })
      return keyMetadataChecker.check({ history: historyOf(asked), watches }).verdict
    }
    expect(check({ lease: '7' })).toBe('valid')
    expect(check({ lease: '8' })).toBe('invalid')
    expect(check({})).toBe(recordsLeases ? 'invalid' : 'valid')
  },
)

/** What clients asked of a store in this process; a fifth of the outcomes is unknown. */
function record(seed: number): CheckInput {
  const random = createRandom(seed)
  const store = simulateStore()
  const key = () => random.pick(['a', 'b', 'c', 'd'])
  let values = 0
  const draw = (): Request => {
    const one = key()
    const prevKv = random.float() < 0.5
    return random.pick<Request>([
      { kind: 'put', key: one, value: `v${++values}`, prevKv },
      { kind: 'put', key: one, value: `v${++values}`, prevKv },
      { kind: 'delete', key: one, prevKv },
      { kind: 'get', key: one },
      { kind: 'get', key: one },
      { kind: 'range', key: 'a', end: 'z' },
      txn([[one, 'mod', '=', 0]], [['put', one, `v${++values}`]], [['get', one]]),
      txn(
        [],
        [
          ['get', 'a'],
          ['put', 'b', `v${++values}`],
          ['get', 'b'],
          ['delete', 'c'],
        ],
      ),
    ])
  }
  const events: HistoryEvent[] = []
  for (let process = 0; process < 200; process++) {
    const request = draw()
    const invocation = invocationOf(request, { member: 'm1' })
    const answer = store.answer(request)
    const isUnknown = random.float() < 0.2
    events.push({ type: 'invoke', process, timeNs: process, ...invocation })
    const fields = isUnknown ? { type: 'info' as const } : answer
    events.push({ process, timeNs: process, f: invocation.f, ...fields })
  }
  const open = { type: 'open', stream: 0, timeNs: 0, member: 'm1', startRevision: 2 } as const
  const seen = store.watched.map((watched) => ({
    ...({ type: 'events', stream: 0, timeNs: 1, revision: 0 } as const),
    events: watched,
  }))
  return {
    history: { header: { format: 'gauntlet-history/1', model: 'etcd' }, events },
    ...(seed % 2 === 0 && {
      watches: { header: { format: 'gauntlet-watch/1' }, entries: [open, ...seen] },
    }),
  }
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed + 1)

test('200 recorded histories with unknown outcomes are valid, watched or not', () => {
  for (const seed of seeds) {
    const verdict = keyMetadataChecker.check(record(seed))
    expect(verdict).toMatchObject({ checker: 'key-metadata', verdict: 'valid' })
    expect(verdict.operations).toBeGreaterThan(20)
  }
})

/** The answers to gets from the middle on, each changed alike. */
function damaged({ history, ...rest }: CheckInput, change: (answer: OperationEvent) => object) {
  const events = history.events.map((event, at) => {
    const isTold = event.type === 'ok' && event.f === 'get' && event.version !== undefined
    if (!isTold || at < history.events.length / 2) return event
    return { ...event, ...change(event as OperationEvent) }
  })
  return { ...rest, history: { ...history, events: events as HistoryEvent[] } }
}

test.each<[string, (answer: OperationEvent, random: Random) => object]>([
  ['a version too high by one', ({ version }) => ({ version: Number(version) + 1 })],
  ['a version too low by one', ({ version }) => ({ version: Number(version) - 1 })],
  ['version 1', () => ({ version: 1 })],
  ['their mod revision for their creation', ({ modRevision }) => ({ createRevision: modRevision })],
  [
    'a creation too early by one',
    (answer) => ({ createRevision: Number(answer.createRevision) - 1 }),
  ],
  ['a lease that no put named', () => ({ lease: '5' })],
])('reads that show %s are invalid in most histories, watched or not', (_, change) => {
  const random = createRandom(1)
  const verdicts = seeds.map((seed) =>
    keyMetadataChecker.check(damaged(record(seed), (answer) => change(answer, random))),
  )
  const invalid = verdicts.filter(({ verdict }) => verdict === 'invalid').length
  expect(invalid).toBeGreaterThan(0.9 * seeds.length)
})
