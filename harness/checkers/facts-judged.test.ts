import { expect, test } from 'vitest'
import type { LeaseEntry, LeaseLog } from '../history/logs/lease.ts'
import type { WatchLog } from '../history/logs/watch.ts'
import type { History, HistoryEvent } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { createRegistry } from './judge/registry.ts'
import { linearizabilityChecker } from './linearizability.ts'
import { setChecker } from './set.ts'
import { logsOf } from './testing/logged-simulation.ts'

/** Evidence of a correct server, so many rounds of it, and the facts that it holds. */
interface Sample {
  readonly input: CheckInput
  readonly facts: number
}

type Fields = Readonly<Record<string, unknown>>
type Request = readonly [f: string, asked: Fields, answered: Fields]

function historyOf(requests: readonly Request[], model: History['header']['model'] = 'etcd') {
  const events = requests.flatMap(([f, asked, answered], at): HistoryEvent[] => {
    const common = { process: 0, f, timeNs: 10 * at }
    const answer = { type: 'ok', ...common, timeNs: 10 * at + 5, ...answered }
    return [{ type: 'invoke', ...common, ...asked }, answer as HistoryEvent]
  })
  return { header: { format: 'gauntlet-history/1', model } as const, events }
}

const rounds = (count: number, of: (round: number) => readonly Request[]) =>
  Array.from({ length: count }, (_, round) => of(round)).flat()

/** Each round: a put that creates the revision, and a read of each kind that shows it. */
const putAndReads = (round: number): readonly Request[] => {
  const revision = round + 2
  const state = { value: `v${round}`, modRevision: revision, createRevision: 2, version: round + 1 }
  const at = { key: 'a', member: 'm1' }
  return [
    ['put', { ...at, value: `v${round}` }, { revision }],
    ['get', at, { ...state, revision }],
    ['get', { ...at, serializable: true }, { ...state, revision }],
  ]
}

const kv = (count: number) => historyOf(rounds(count, putAndReads))

function finalOf(count: number): NonNullable<CheckInput['final']> {
  const keys = { a: { value: `v${count - 1}`, modRevision: count + 1 } }
  const member = { revision: count + 1, keys, hash: 1, hashRevision: count + 1 }
  return { members: ['m1', 'm2'].map((name) => ({ member: name, ...member })) }
}

function watchesOf(count: number): WatchLog {
  const opened = { type: 'open', stream: 0, member: 'm1', startRevision: 2, timeNs: 1e9 } as const
  const events = Array.from({ length: count }, (_, round) => {
    const [modRevision, version] = [round + 2, round + 1]
    const kv = { key: 'a', value: `v${round}`, modRevision, createRevision: 2, version }
    const events = [{ type: 'put', ...kv } as const]
    return { type: 'events', stream: 0, timeNs: 1e9, revision: modRevision, events } as const
  })
  return { header: { format: 'gauntlet-watch/1' }, entries: [opened, ...events] }
}

function headersOf(count: number): NonNullable<CheckInput['headers']> {
  const from = { member: 'm1', method: 'KV.Put', clusterId: '7', memberId: '1', raftTerm: 2 }
  const entries = Array.from({ length: count }, (_, at) => {
    return { type: 'answer', ...from, sentNs: 10 * at, timeNs: 10 * at + 5 } as const
  })
  return { header: { format: 'gauntlet-headers/1' }, entries }
}

const logsOfPuts = (count: number) =>
  logsOf(
    Array.from({ length: count }, (_, round) => ({ kind: 'put', key: 'a', value: `v${round}` })),
    ['m1', 'm2'],
  )

const locksOf = (round: number): readonly Request[] => [
  ['cas', { key: 'lock/a', value: [null, `o${round}`] }, { applied: true }],
  ['delete', { key: 'lock/a' }, { deleted: 1 }],
]

/** Each round a lease whose key is there, then gone after a revoke, and one that expired. */
function leasesOf(count: number): CheckInput {
  const events: HistoryEvent[] = []
  const entries: LeaseEntry[] = []
  const request = (f: string, lease: string, atS: number, answer: object = {}) => {
    const timeNs = atS * 1e9
    const at = { process: 9, f, lease }
    entries.push(
      { type: 'invoke', ...at, member: 'm1', ttlS: 2, timeNs } as LeaseEntry,
      { type: 'ok', ...at, ...answer, timeNs: timeNs + 1 } as LeaseEntry,
    )
  }
  const put = (lease: string, atS: number) => {
    const at = { process: 1, f: 'put', key: `k${lease}`, timeNs: atS * 1e9 }
    events.push({ type: 'invoke', ...at, value: 'v', lease }, { type: 'ok', ...at })
  }
  const read = (lease: string, atS: number, value: string | null) => {
    const at = { process: 1, f: 'get', key: `k${lease}`, timeNs: atS * 1e9 }
    events.push({ type: 'invoke', ...at }, { type: 'ok', ...at, value })
  }
  for (let round = 0; round < count; round++) {
    const [atS, one, other] = [100 * round, `${2 * round + 1}`, `${2 * round + 2}`]
    for (const lease of [one, other]) {
      request('grant', lease, atS, { ttlS: 2 })
      put(lease, atS)
      read(lease, atS + 1, 'v')
    }
    request('revoke', one, atS + 1.5)
    read(one, atS + 2, null)
    read(other, atS + 20, null)
  }
  const leases: LeaseLog = { header: { format: 'gauntlet-lease/1', slackMs: 5_000 }, entries }
  return { history: { header: historyOf([]).header, events }, leases }
}

const samples: Readonly<Record<string, (count: number) => Sample>> = {
  'etcd-linearizability': (n) => ({ input: { history: kv(n) }, facts: 3 * n }),
  serializable: (n) => ({ input: { history: kv(n) }, facts: n }),
  'key-metadata': (n) => ({ input: { history: kv(n) }, facts: 2 * n }),
  revisions: (n) => ({ input: { history: kv(n) }, facts: 3 * n }),
  refusals: (n) => ({ input: { history: kv(n) }, facts: 3 * n }),
  headers: (n) => ({ input: { history: kv(n), headers: headersOf(n) }, facts: n }),
  durability: (n) => ({
    input: { history: kv(n), final: finalOf(n) },
    facts: 2 * 2,
  }),
  convergence: (n) => ({ input: { history: kv(n), final: finalOf(n) }, facts: 2 }),
  logs: (n) => ({
    input: { history: kv(n), logs: { m1: Array.from({ length: n }, () => 'up') } },
    facts: n,
  }),
  'write-ahead-log': (n) => ({
    input: { history: kv(n), final: finalOf(n), wal: logsOfPuts(n) },
    facts: 3 * n + 2,
  }),
  watch: (n) => ({ input: { history: kv(n), watches: watchesOf(n) }, facts: n }),
  lease: (n) => ({ input: leasesOf(n), facts: 6 * n }),
  lock: (n) => ({ input: { history: historyOf(rounds(n, locksOf)) }, facts: n }),
  bank: (n) => {
    const list: Request = ['range', { key: 'bank/' }, { value: [['bank/a', '5 x', 2]] }]
    return { input: { history: historyOf(rounds(n + 1, () => [list])) }, facts: n }
  },
  'append-lists': (n) => {
    const put = (round: number): readonly Request[] => {
      const value = Array.from({ length: round + 1 }, (_, at) => at).join(' ')
      return [['put', { key: 'list/a', value }, { revision: round + 2 }]]
    }
    return { input: { history: historyOf(rounds(n + 1, put)) }, facts: n }
  },
  linearizability: (n) => {
    const of = (round: number): readonly Request[] => [
      ['write', { value: round }, {}],
      ['read', {}, { value: round }],
    ]
    return { input: { history: historyOf(rounds(n, of), 'cas-register') }, facts: 2 * n }
  },
  set: (n) => {
    const of = (round: number): readonly Request[] => [
      ['add', { value: round }, {}],
      ['read', {}, { value: Array.from({ length: round + 1 }, (_, at) => at) }],
    ]
    return { input: { history: historyOf(rounds(n, of), 'set') }, facts: n }
  },
}

const checkers = [...createRegistry([linearizabilityChecker, setChecker]).values()]

/** Whether the verdict is valid by as many facts as the evidence holds. */
function isCounted(checker: Checker, count: number): boolean {
  const { input, facts } = (samples[checker.name] as (count: number) => Sample)(count)
  const { verdict, factsJudged } = checker.check(input)
  return verdict === 'valid' && factsJudged === facts
}

test('every checker has a sample here', () => {
  const names = checkers.map(({ name }) => name)
  expect(names.filter((name) => !Object.hasOwn(samples, name))).toEqual([])
})

test.each(checkers)('$name judges every fact of a correct server', (checker) => {
  for (const count of [1, 2, 3, 20]) expect(isCounted(checker, count), `${count}`).toBe(true)
})

test.each(checkers)('$name without evidence is unknown and has judged nothing', (checker) => {
  const { header } = samples[checker.name]?.(1).input.history ?? historyOf([])
  const verdict: Verdict = checker.check({ history: { header, events: [] } })
  expect(verdict).toMatchObject({ verdict: 'unknown', factsJudged: 0 })
})

/** Evidence of which every second request, event, line or member is left out. */
function skipSome({ history, logs, watches, final, leases, headers }: CheckInput): CheckInput {
  const half = <Item>(items: readonly Item[]) => items.filter((_, at) => at % 4 < 2)
  return {
    history: { ...history, events: half(history.events) },
    ...(logs && { logs: { m1: half(logs.m1 ?? []) } }),
    ...(watches && { watches: { ...watches, entries: half(watches.entries) } }),
    ...(final && { final: { members: final.members.slice(1) } }),
    ...(leases && { leases }),
    ...(headers && { headers: { ...headers, entries: half(headers.entries) } }),
  }
}

test.each(checkers)('a $name that skips facts is found by its count', (checker) => {
  const skips: Checker = { ...checker, check: (input) => checker.check(skipSome(input)) }
  expect(isCounted(skips, 20)).toBe(false)
})
