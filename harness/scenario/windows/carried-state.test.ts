import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CheckInput } from '../../checkers/checker.ts'
import { judge } from '../../checkers/judge/judge.ts'
import { createRegistry, findCheckers } from '../../checkers/judge/registry.ts'
import { settleByWatches } from '../../checkers/judge/settle-by-watches.ts'
import type { WatchEntry, WatchedEvent } from '../../history/logs/watch.ts'
import type { OperationEvent } from '../../history/operations.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { splitEvidence } from './testing/split-evidence.ts'

const names = ['etcd-linearizability', 'durability', 'serializable', 'key-metadata', 'watch']
const checkers = findCheckers(names, createRegistry())

/** `checker` or `checker/code` of each verdict that is not valid. */
function findings(input: CheckInput): string[] {
  const { verdicts } = judge(settleByWatches(input), checkers)
  return verdicts.flatMap(({ checker, verdict, code, reason }) =>
    verdict === 'valid'
      ? []
      : [code === undefined ? `${checker}: ${reason}` : `${checker}/${code}`],
  )
}

/** Revision 7: `a` has been there since 3, `b` since 5 and was written twice. */
const kvs = {
  a: { value: 'a1', modRevision: 3, createRevision: 3, version: 1 },
  b: { value: 'b2', modRevision: 7, createRevision: 5, version: 2 },
}

type Fields = Partial<OperationEvent>

const put = (value: string, revision: number): readonly [Fields, Fields] => [
  { f: 'put', key: 'b', value },
  { type: 'ok', revision },
]
const get = (key: string, answer: Fields): readonly [Fields, Fields] => [
  { f: 'get', key },
  { type: 'ok', ...answer },
]

const staleRead = [
  { f: 'get', key: 'b', serializable: true },
  { type: 'ok', value: 'b3', modRevision: 8, revision: 8 },
] as const

/** A window after revision 7 in which `b` is put at revision 8, with what a test adds. */
function windowWith(
  parts: {
    readonly requests?: readonly (readonly [Fields, Fields])[]
    readonly carried?: readonly Fields[]
    readonly events?: readonly WatchedEvent[]
    readonly final?: Readonly<Record<string, { value: string; modRevision: number }>>
    readonly revision?: number
  } = {},
): CheckInput {
  const { carried = [], requests = [], events = [], revision = 8, final } = parts
  const all = [put('b3', 8), staleRead, ...requests]
  const at = (index: number) => ({ process: carried.length + index, timeNs: index })
  const history = [
    ...carried.map((fields, process) => ({ type: 'invoke', process, timeNs: 0, ...fields })),
    ...all.flatMap(([invoke, answer], index) => [
      { type: 'invoke', ...at(index), member: 'm1', ...invoke },
      { ...at(index), f: invoke.f, ...answer },
    ]),
  ] as OperationEvent[]
  const keys = final ?? { a: kvs.a, b: { value: 'b3', modRevision: 8 } }
  return {
    history: {
      header: {
        format: 'gauntlet-history/1',
        model: 'etcd',
        initial: { revision: 7, kvs, continues: true },
      },
      events: history,
    },
    final: { members: [{ member: 'm1', revision, keys, hash: 1, hashRevision: revision }] },
    watches: { header: { format: 'gauntlet-watch/2' }, entries: watching([putEvent, ...events]) },
  }
}

const putEvent: WatchedEvent = {
  type: 'put',
  key: 'b',
  value: 'b3',
  modRevision: 8,
  createRevision: 5,
  version: 3,
  prev: kvs.b,
}

function watching(events: readonly WatchedEvent[]): WatchEntry[] {
  return [
    { type: 'open', stream: 0, timeNs: 0, member: 'm1', startRevision: 8 },
    ...events.map((event): WatchEntry => {
      return { type: 'events', stream: 0, timeNs: 1, revision: 8, events: [event] }
    }),
  ]
}

test('a window that goes on from the proven state is valid', () => {
  const reads = [get('a', { value: 'a1', modRevision: 3, revision: 8 })]
  expect(findings(windowWith({ requests: reads }))).toEqual([])
})

test('a write of an earlier window that is missing at the end is a lost write', () => {
  const found = findings(windowWith({ final: { b: { value: 'b3', modRevision: 8 } } }))
  expect(found).toEqual(['durability/acknowledged-write-lost'])
})

test('a linearizable read of what an earlier window overwrote is a violation', () => {
  const stale = get('b', { value: 'b1', modRevision: 5, revision: 8 })
  const found = findings(windowWith({ requests: [stale] }))
  expect(found.some((one) => one.startsWith('etcd-linearizability/'))).toBe(true)
})

test('a read at a revision before the window is a violation, unless it may be stale', () => {
  const requests = (serializable: boolean) => [
    [
      { f: 'get', key: 'b', ...(serializable && { serializable }) },
      { type: 'ok', value: 'b1', modRevision: 5, revision: 6 },
    ] as const,
  ]
  expect(findings(windowWith({ requests: requests(true) }))).toEqual([])
  const found = findings(windowWith({ requests: requests(false) }))
  expect(found.some((one) => one.startsWith('etcd-linearizability/'))).toBe(true)
})

test('the first event of a key shows its value, creation and version of the window before', () => {
  const wrong = { ...putEvent, prev: { ...kvs.b, value: 'b1' } }
  const input = windowWith()
  const found = findings({
    ...input,
    watches: { header: { format: 'gauntlet-watch/2' }, entries: watching([wrong]) },
  })
  expect(found).toContain('watch/wrong-previous-value')
  expect(found).toContain('key-metadata/answers-disagree')
})

test('a key whose version does not go on from the window before is a violation', () => {
  const requests = [
    get('b', { value: 'b3', modRevision: 8, createRevision: 5, version: 4, revision: 8 }),
  ]
  const input = windowWith({ requests })
  const { watches: _, ...unwatched } = input
  expect(findings(unwatched)).toContain('key-metadata/wrong-version')
})

test('a read at an earlier revision may show a key that was deleted before the window', () => {
  const stale = [
    { f: 'get', key: 'gone', serializable: true },
    { type: 'ok', value: 'g', modRevision: 4, revision: 6 },
  ] as const
  const past = [
    { f: 'range', key: 'a', end: 'z', atRevision: 6 },
    { type: 'ok', value: [['gone', 'g', 4]], count: 1, more: false, revision: 8 },
  ] as const
  expect(findings(windowWith({ requests: [stale, past] }))).toEqual([])
  const present = get('gone', { value: 'g', modRevision: 4, revision: 8 })
  expect(findings(windowWith({ requests: [present] }))).not.toEqual([])
})

const lateEvent: WatchedEvent = {
  type: 'put',
  key: 'a',
  value: 'a-late',
  modRevision: 9,
  createRevision: 3,
  version: 2,
  prev: kvs.a,
}
const late = {
  events: [lateEvent],
  final: { a: { value: 'a-late', modRevision: 9 }, b: { value: 'b3', modRevision: 8 } },
  revision: 9,
}

test('a request of an earlier window with an unknown outcome may take effect later', () => {
  const carried = [{ f: 'put', key: 'a', value: 'a-late' }]
  expect(findings(windowWith({ ...late, carried }))).toEqual([])
  expect(findings(windowWith(late))).toContain('watch/unwritten-event')
})

test('a carried request that watchers did not receive has not taken effect', () => {
  const carried = [{ f: 'put', key: 'a', value: 'a-late' }]
  const settled = settleByWatches(windowWith({ carried })).history.events.at(-1)
  expect(settled).toMatchObject({ type: 'fail', process: 0, settled: true })
})

test('both parts of a saved run are judged as the whole is', async () => {
  const saved = '../../../fixtures/runs/one-of-each/scenarios/saved/chaos'
  const { input } = await readEvidence(join(import.meta.dirname, saved))
  expect(findings(input)).toEqual([])
  for (const share of [0.2, 0.5, 0.8]) {
    const { before, after } = splitEvidence(input, share)
    expect(findings(before)).toEqual([])
    expect(findings(after)).toEqual([])
  }
})
