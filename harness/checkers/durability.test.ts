import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../core/random.ts'
import type { History, HistoryEvent } from '../history/operations.ts'
import type { FinalState } from './checker.ts'
import { durabilityChecker } from './durability.ts'
import {
  falsifications,
  finalStateOf,
  type Held,
  simulateToFinalState,
  withFinalReads,
} from './testing/etcd-final-states.ts'
import { strip } from './testing/etcd-mutator.ts'
import { isLinearizable } from './testing/etcd-oracle.ts'
import type { EtcdSimulation } from './testing/etcd-simulator.ts'

type Mix = EtcdSimulation['mix']

const small = fc.record({
  seed: fc.nat(),
  operations: fc.integer({ min: 1, max: 6 }),
  keys: fc.integer({ min: 1, max: 3 }),
  processes: fc.integer({ min: 1, max: 4 }),
  unknownShare: fc.constantFrom<number>(0, 0.2, 0.5),
  values: fc.constantFrom<number>(0, 2, 3),
  initial: fc.constantFrom<EtcdSimulation['initial']>(
    undefined,
    { revision: 3 },
    { revision: 5, kvs: { k0: { value: 'v0', modRevision: 4 } } },
  ),
  foreignShare: fc.constantFrom(...Array(5).fill(undefined), 0.1),
  mix: fc.constantFrom<Mix>(
    undefined,
    { put: 3, get: 1, delete: 2, cas: 2 },
    { put: 2, txn: 2, range: 1, delete: 1 },
  ),
  /** Share of the facts that answers lack. */
  sparse: fc.constantFrom<number>(0, 0, 0, 0.3, 1),
})

type Small = typeof small extends fc.Arbitrary<infer Drawn> ? Drawn : never

/** A history with the members' true state, and with a false one of the last member in every way. */
function casesOf({ sparse, ...simulation }: Small) {
  const random = createRandom(simulation.seed)
  const ended = simulateToFinalState(simulation, random)
  const events = ended.history.events.map((event) => strip(event, random, sparse))
  const history: History = { header: ended.history.header, events }
  const ways = Object.entries(falsifications)
  const falsified = [random.pick(ways), random.pick(ways)].map(([name, falsify]) => {
    const last = falsify(ended, random)
    return {
      name,
      final: random.float() < 0.5 ? finalStateOf(last) : finalStateOf(ended.held, last),
    }
  })
  return { history, trueFinal: finalStateOf(ended.held, ended.held), falsified }
}

test('durability refuses every impossible final state of small histories, and no possible one', () => {
  const counts = new Map<string, { possible: number; impossible: number; passed: number }>()
  /** Without an answer and a key there is nothing to judge. */
  const passes = (history: History, final: FinalState) => {
    const { verdict, factsJudged } = durabilityChecker.check({ history, final })
    return verdict === 'valid' || (verdict === 'unknown' && factsJudged === 0)
  }
  const agreesWithOracle = (simulation: Small) => {
    const { history, trueFinal, falsified } = casesOf(simulation)
    expect(passes(history, trueFinal)).toBe(true)
    for (const { name, final } of falsified) {
      const count = counts.get(name) ?? { possible: 0, impossible: 0, passed: 0 }
      counts.set(name, count)
      const isPossible = isLinearizable(withFinalReads(history, final))
      count[isPossible ? 'possible' : 'impossible']++
      const isPassed = passes(history, final)
      if (!isPossible && isPassed) count.passed++
      if (isPossible) expect(isPassed, name).toBe(true)
    }
  }
  fc.assert(fc.property(small, agreesWithOracle), { seed: 20_261_129, numRuns: 5_000 })
  for (const [name, { possible, impossible, passed }] of counts) {
    expect({ name, passed }).toEqual({ name, passed: 0 })
    expect(Math.min(possible, impossible), name).toBeGreaterThan(50)
  }
})

const header = { format: 'gauntlet-history/1', model: 'etcd' } as const

/** A put of `a` acknowledged at revision 2, a put of `b` at 3, and an unknown delete of `a`. */
const deleteUnknown: History = {
  header,
  events: [
    { type: 'invoke', process: 0, f: 'put', timeNs: 0, key: 'a', value: '1' },
    { type: 'ok', process: 0, f: 'put', timeNs: 1, key: 'a', revision: 2 },
    { type: 'invoke', process: 1, f: 'delete', timeNs: 2, key: 'a' },
    { type: 'info', process: 1, f: 'delete', timeNs: 3, key: 'a' },
    { type: 'invoke', process: 0, f: 'put', timeNs: 4, key: 'b', value: '2' },
    { type: 'ok', process: 0, f: 'put', timeNs: 5, key: 'b', revision: 3 },
  ],
}
const a = { value: '1', modRevision: 2 }
const b = { value: '2', modRevision: 3 }

test('an unknown delete excuses a missing key only where a revision is left for it', () => {
  const after = (revision: number) =>
    durabilityChecker.check({
      history: deleteUnknown,
      final: finalStateOf({ revision, keys: { b } }),
    })
  expect(after(4).verdict).toBe('valid')
  expect(after(3)).toMatchObject({
    verdict: 'invalid',
    code: 'acknowledged-write-lost',
    reason:
      'm1 holds a = missing although put of a = "1" by process 0 was acknowledged at revision 2, which no order of the recorded operations leaves at revision 3',
    evidence: { partition: 'a', culprit: 0, acknowledgedLost: 1, membersWrong: ['m1'] },
  })
})

test('a store that is back at an earlier revision has lost what was acknowledged since', () => {
  const final = finalStateOf({ revision: 3, keys: { a, b } }, { revision: 2, keys: { a } })
  expect(durabilityChecker.check({ history: deleteUnknown, final })).toMatchObject({
    verdict: 'invalid',
    codes: ['acknowledged-write-lost', 'revision-lost'],
    evidence: { acknowledgedLost: 1, membersWrong: ['m2'] },
  })
})

test('a violation names what the member holds, and the writes of the key with those that are lost', () => {
  const again: HistoryEvent[] = [
    { type: 'invoke', process: 3, f: 'put', timeNs: 6, key: 'a', value: '3' },
    { type: 'ok', process: 3, f: 'put', timeNs: 7, key: 'a', revision: 4 },
  ]
  const history = { header, events: [...deleteUnknown.events, ...again] }
  const violationsOf = (...held: Held[]) =>
    durabilityChecker.check({ history, final: finalStateOf(...held) }).evidence?.violations
  const third = { value: '3', modRevision: 4 }
  expect(
    violationsOf({ revision: 4, keys: { a: third, b } }, { revision: 4, keys: { a, b } }),
  ).toEqual([
    {
      code: 'acknowledged-write-lost',
      members: ['m2'],
      partition: 'a',
      revision: 4,
      heldModRevision: 2,
      writes: [0, 2, 6],
      lost: [6],
      lostFound: 1,
    },
  ])
  // Of a store that went back the lost writes are of any key.
  expect(violationsOf({ revision: 3, keys: { a, b } })).toMatchObject([
    { code: 'acknowledged-write-lost', partition: 'a' },
    {
      code: 'revision-lost',
      partition: 'store',
      revision: 3,
      writes: [6],
      lost: [6],
      lostFound: 1,
    },
  ])
})

test('of a key that was written often a violation names the writes around what is held, and the last', () => {
  const written = Array.from({ length: 100 }, (_, at): HistoryEvent[] => {
    const put = { process: 0, f: 'put', key: 'a' }
    return [
      { type: 'invoke', ...put, timeNs: 2 * at, value: `${at}` },
      { type: 'ok', ...put, timeNs: 2 * at + 1, revision: at + 2 },
    ]
  })
  const held = { a: { value: '50', modRevision: 52 } }
  const final = finalStateOf({ revision: 101, keys: held })
  const { evidence } = durabilityChecker.check({
    history: { header, events: written.flat() },
    final,
  })
  const { violations } = evidence as { violations: unknown }
  const [first] = violations as [{ writes: number[]; lost: number[]; lostFound: number }]
  expect(first.writes.map((index) => index / 2 + 2)).toEqual([
    ...[48, 49, 50, 51, 52, 53, 54, 55],
    ...[90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101],
  ])
  expect(first.lost).toEqual(first.writes.slice(5))
  expect(first.lostFound).toBe(49)
})

test('a violation without a write of the history says at which revision nothing is held', () => {
  const initial = { revision: 5, kvs: { k: { value: 'old', modRevision: 4 } } }
  const history = { header: { ...header, initial }, events: deleteUnknown.events.slice(0, 0) }
  const final = finalStateOf({ revision: 5, keys: {} })
  expect(durabilityChecker.check({ history, final }).evidence?.violations).toEqual([
    {
      code: 'acknowledged-write-lost',
      members: ['m1'],
      partition: 'k',
      revision: 5,
      heldModRevision: 0,
      writes: [],
      lost: [],
      lostFound: 0,
    },
  ])
})

test('members may differ where each state is possible, but not in the history that they had', () => {
  const gone = { revision: 4, keys: { b } }
  const kept = { revision: 4, keys: { a: { value: '3', modRevision: 4 }, b } }
  const put: HistoryEvent[] = [
    { type: 'invoke', process: 2, f: 'put', timeNs: 6, key: 'a', value: '3' },
  ]
  const history = { header, events: [...deleteUnknown.events, ...put] }
  const check = (...held: Held[]) =>
    durabilityChecker.check({ history, final: finalStateOf(...held) })
  expect([check(gone).verdict, check(kept).verdict]).toEqual(['valid', 'valid'])
  expect(check(gone, { revision: 3, keys: { a, b } }).verdict).toBe('valid')
  expect(check(gone, kept)).toMatchObject({
    verdict: 'invalid',
    code: 'impossible-state',
    reason: 'm1, m2 ended with states of which no order of the recorded operations leaves all',
  })
})

test('wrong answers of reads do not keep the writes from being judged', () => {
  const read: HistoryEvent[] = [
    { type: 'invoke', process: 3, f: 'get', timeNs: 6, key: 'a' },
    { type: 'ok', process: 3, f: 'get', timeNs: 7, value: '9', modRevision: 2, revision: 3 },
  ]
  const history = { header, events: [...deleteUnknown.events, ...read] }
  const check = (...held: Held[]) =>
    durabilityChecker.check({ history, final: finalStateOf(...held) })
  expect(check({ revision: 3, keys: { a, b } }).verdict).toBe('valid')
  expect(check({ revision: 3, keys: { b } })).toMatchObject({
    verdict: 'invalid',
    code: 'acknowledged-write-lost',
  })
})

test('where the writes contradict themselves, a final state without a visible loss is unknown', () => {
  const again: HistoryEvent[] = [
    { type: 'invoke', process: 3, f: 'put', timeNs: 6, key: 'c', value: '3' },
    { type: 'ok', process: 3, f: 'put', timeNs: 7, key: 'c', revision: 3 },
  ]
  const history = { header, events: [...deleteUnknown.events, ...again] }
  const check = (...held: Held[]) =>
    durabilityChecker.check({ history, final: finalStateOf(...held) })
  const c = { value: '3', modRevision: 3 }
  expect(check({ revision: 3, keys: { a, b, c } })).toMatchObject({
    verdict: 'unknown',
    reason: 'the writes are not linearizable: no order to compare with',
  })
  expect(check({ revision: 3, keys: { a, c } }).verdict).toBe('invalid')
})
