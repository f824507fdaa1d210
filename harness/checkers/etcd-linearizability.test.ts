import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../core/random.ts'
import { readHistoryFile } from '../history/codec.ts'
import type { History } from '../history/operations.ts'
import { checkEtcd } from './etcd/check-etcd.ts'
import { compile } from './etcd/compile/history.ts'
import { assignSlots } from './etcd/slots.ts'
import { searchOrders } from './etcd/wing-gong/search.ts'
import { mutateEtcd } from './testing/etcd-mutator.ts'
import { isLinearizable } from './testing/etcd-oracle.ts'
import { type EtcdSimulation, simulateEtcd } from './testing/etcd-simulator.ts'

const histories = join(import.meta.dirname, '..', '..', 'fixtures', 'histories')

const initials = [
  undefined,
  null,
  { revision: 3 },
  { revision: 5, kvs: { k0: { value: 'v0', modRevision: 4, createRevision: 4, version: 1 } } },
  { kvs: { k1: { value: 'v1', modRevision: 2, createRevision: 2, version: 1 } } },
]

type Mix = Readonly<Record<string, number>> | undefined

const mixes: Mix[] = [
  undefined,
  { put: 3, get: 3, delete: 2, cas: 3, 'stale-get': 2 },
  { put: 1, txn: 2, range: 1 },
  { 'lease-put': 4, put: 1, revoke: 3, get: 2, delete: 1, range: 1 },
]

const small = fc.record({
  seed: fc.nat(),
  operations: fc.integer({ min: 1, max: 6 }),
  keys: fc.integer({ min: 1, max: 2 }),
  processes: fc.integer({ min: 1, max: 4 }),
  unknownShare: fc.constantFrom<number>(0, 0.2, 0.5),
  values: fc.constantFrom<number>(0, 2, 3),
  initial: fc.constantFrom<EtcdSimulation['initial']>(...initials),
  foreignShare: fc.constantFrom(...Array(9).fill(undefined), 0.1),
  prevShare: fc.constantFrom<number>(0, 0.5, 1),
  metadataShare: fc.constantFrom<number>(0, 0, 1),
  leases: fc.constantFrom<number>(1, 2),
  mix: fc.constantFrom<Mix>(...mixes),
})

type Small = typeof small extends fc.Arbitrary<infer Drawn> ? Drawn : never

function historyOf(simulation: Small): History {
  return mutateEtcd(simulateEtcd(simulation), createRandom(simulation.seed))
}

test('checker and oracle agree on 10,000 small histories', () => {
  const counts = { valid: 0, invalid: 0 }
  const agreesWithOracle = (simulation: Small) => {
    const history = historyOf(simulation)
    const expected = isLinearizable(history) ? 'valid' : 'invalid'
    counts[expected]++
    const { verdict, code } = checkEtcd(history)
    expect(verdict).toBe(expected)
    if (code === 'impossible-answer') return
    const compiled = compile(history)
    expect(searchOrders(compiled, assignSlots(compiled)).verdict).toBe(expected)
  }
  fc.assert(fc.property(small, agreesWithOracle), { seed: 20_240_613, numRuns: 10_000 })
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(2_500)
})

const crowded = fc.record({
  seed: fc.nat(),
  operations: fc.integer({ min: 8, max: 18 }),
  keys: fc.integer({ min: 1, max: 3 }),
  processes: fc.integer({ min: 3, max: 8 }),
  unknownShare: fc.constantFrom<number>(0.4, 0.6, 0.8),
  values: fc.constantFrom<number>(1, 2, 3),
  initial: fc.constantFrom<EtcdSimulation['initial']>(undefined, { revision: 1 }),
  foreignShare: fc.constantFrom(...Array(9).fill(undefined), 0.1),
  prevShare: fc.constantFrom<number>(0, 0.5, 1),
  metadataShare: fc.constantFrom<number>(0, 0, 1),
  leases: fc.constantFrom<number>(1, 2),
  mix: fc.constantFrom<Mix>(
    { 'lease-put': 5, put: 1, revoke: 3, get: 1, range: 1 },
    { put: 3, get: 1, delete: 3, cas: 4 },
    { put: 3, get: 1, delete: 2, cas: 1, range: 1 },
    { put: 1, txn: 3, get: 1, delete: 1, cas: 1 },
  ),
})

test('where many outcomes are unknown, backjumping and the search of orders agree', () => {
  const agreesWithSearch = (simulation: Small) => {
    const history = historyOf(simulation)
    const compiled = compile(history)
    const slots = assignSlots(compiled)
    const { verdict, code } = checkEtcd(history, { timeoutMs: 60_000 })
    if (slots.isPartial || code === 'impossible-answer') return
    const general = searchOrders(compiled, slots, { timeoutMs: 50 }).verdict
    if (general !== 'unknown') expect(verdict).toBe(general)
  }
  fc.assert(fc.property(crowded, agreesWithSearch), { seed: 20_240_613, numRuns: 2_000 })
})

test('every saved history has the verdict in its name', async () => {
  const files = readdirSync(histories).filter((name) => name.startsWith('etcd-'))
  expect(files.length).toBeGreaterThan(12)
  for (const file of files) {
    const verdict = checkEtcd(await readHistoryFile(join(histories, file)))
    expect([file, verdict.verdict]).toEqual([file, file.split('-')[1]])
  }
})

test.each([
  [
    'stale-read',
    'get of a by process 4 at m2 answered revision 2 after put of a = "2" by process 0 at m1 had completed at revision 3: stale read',
  ],
  [
    'lost-write',
    'get of a by process 4 at m2 answered "1" (modRevision 2) at revision 3; at revision 3 a is "2" (modRevision 3), since put of a = "2" by process 0 at m1',
  ],
  [
    'duplicate-revision',
    'two writes created revision 2: put of a = "1" by process 0 at m1 and put of b = "2" by process 1 at m2',
  ],
  [
    'serializable-future',
    'put of a = "1" by process 0 at m1 created revision 2 after serializable get of a by process 1 at m2 had completed at revision 2: the revision existed before the request',
  ],
  [
    'invented-value',
    'get of a by process 1 at m2 showed a = "9" (modRevision 3), which no recorded operation can have written there',
  ],
])(
  'the reason names the operation, the expected and the observed value in %s',
  async (name, reason) => {
    const history = await readHistoryFile(join(histories, `etcd-invalid-${name}.jsonl`))
    expect(checkEtcd(history).reason).toBe(reason)
  },
)

test('the evidence points at the operation that has no place and at the prefix before it', async () => {
  const history = await readHistoryFile(join(histories, 'etcd-invalid-lost-write.jsonl'))
  const { evidence } = checkEtcd(history)
  expect(evidence).toMatchObject({ partition: 'a', culprit: 4, prefix: [0, 2], involved: [2, 4] })
})

test('the evidence of a long prefix is its last 200 operations', () => {
  const { header, events } = simulateEtcd({
    seed: 3,
    operations: 2_000,
    keys: 5,
    processes: 4,
    unknownShare: 0,
  })
  const at = events.findLastIndex(
    ({ type, ...event }) => type === 'ok' && event.f === 'get' && event.value !== null,
  )
  const broken = events.map((event, index) => (index === at ? { ...event, value: 'never' } : event))
  const { verdict, evidence } = checkEtcd({ header, events: broken })
  expect(verdict).toBe('invalid')
  expect(evidence?.prefix).toHaveLength(200)
  expect(evidence?.prefixOmitted).toBeGreaterThan(1_000)
})

test('a history of 20,000 operations is valid, and invalid without one acknowledged write', () => {
  const simulation = { seed: 5, operations: 20_000, keys: 20, processes: 16, unknownShare: 0.01 }
  const history = simulateEtcd(simulation)
  expect(checkEtcd(history).verdict).toBe('valid')
  const at = history.events.findIndex((event) => event.type === 'ok' && event.f === 'put')
  const { process } = history.events[at] as { process: number }
  const begun = history.events.findLastIndex(
    (event, index) => index < at && event.type === 'invoke' && event.process === process,
  )
  const events = history.events.filter((_, index) => index !== at && index !== begun)
  expect(checkEtcd({ header: history.header, events }).verdict).toBe('invalid')
})

test('without time the verdict is unknown', () => {
  const history = simulateEtcd({
    seed: 1,
    operations: 5_000,
    keys: 3,
    processes: 8,
    unknownShare: 0.05,
  })
  const verdict = checkEtcd(history, { timeoutMs: 0 })
  expect(verdict.verdict).toBe('unknown')
  expect(verdict.reason).toContain('gave up after 0 s')
})
