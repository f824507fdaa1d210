import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../core/random.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { mutateEtcd } from '../testing/etcd-mutator.ts'
import { isLinearizable } from '../testing/etcd-oracle.ts'
import { simulateEtcd } from '../testing/etcd-simulator.ts'
import { checkEtcd } from './check-etcd.ts'

const limits = { timeoutMs: 60_000 }
const whole = simulateEtcd({
  seed: 1,
  operations: 5_000,
  keys: 20,
  processes: 16,
  unknownShare: 0.01,
})

/** The history with that many answers to `f` that do not tell their revision. */
function withoutRevisions({ header, events }: History, f: string, count: number): History {
  const random = createRandom(f)
  const answers = events.flatMap((event, at) => (event.type === 'ok' && event.f === f ? [at] : []))
  const chosen = new Set(Array.from({ length: count }, () => random.pick(answers)))
  return { header, events: events.map((event, at) => (chosen.has(at) ? strip(event) : event)) }
}

function strip(event: HistoryEvent): HistoryEvent {
  const { revision: _, ...rest } = event
  return rest as HistoryEvent
}

test.each([
  ['put', 1],
  ['put', 30],
  ['get', 100],
  ['cas', 20],
  ['delete', 50],
  ['txn', 30],
  ['range', 20],
])('a long history is valid when answers to %s lack their revision, %i of them', (f, count) => {
  expect(checkEtcd(withoutRevisions(whole, f, count), limits).verdict).toBe('valid')
})

/** The history with these two lines in its middle. */
function interrupted(asked: object, answered: object): History {
  const half = whole.events.length / 2
  const base = { process: 900, timeNs: whole.events[half]?.timeNs ?? 0 }
  const lines = [
    { type: 'invoke', ...base, ...asked },
    { type: 'ok', ...base, ...answered },
  ] as HistoryEvent[]
  const events = [...whole.events.slice(0, half), ...lines, ...whole.events.slice(half)]
  return { header: whole.header, events }
}

test('the loss of an acknowledged put without a revision is invalid', () => {
  const lost = interrupted({ f: 'put', key: 'k1', value: 'lost' }, { f: 'put' })
  const { verdict, reason } = checkEtcd(lost, limits)
  expect(verdict).toBe('invalid')
  expect(reason).toMatch(
    /put of k1 = "lost" by process 900 was acknowledged, .* found no revision left for it/,
  )
})

test('a stale read without a revision is invalid, and the reason shows what the key held', () => {
  const stale = interrupted({ f: 'get', key: 'k1' }, { f: 'get', value: 'v0' })
  const { verdict, reason, evidence } = checkEtcd(stale, limits)
  expect(verdict).toBe('invalid')
  expect(reason).toMatch(/get of k1 by process 900 answered "v0" without a revision; k1 was/)
  expect(evidence).toMatchObject({ partition: 'k1', culprit: whole.events.length / 2 })
})

function drawn(seed: number): History {
  const random = createRandom(seed)
  const history = simulateEtcd({
    seed,
    operations: random.int(3, 7),
    keys: random.int(1, 2),
    processes: random.int(1, 4),
    unknownShare: random.pick([0, 0.3, 0.6]),
    values: random.pick([0, 1, 2]),
    mix: random.pick([
      { put: 3, get: 3, delete: 1 },
      { put: 2, get: 3, cas: 2, delete: 1, 'stale-get': 1 },
      { put: 2, get: 1, txn: 2, range: 1 },
    ]),
    initial: random.float() < 0.5 ? { revision: 3 } : undefined,
    foreignShare: random.float() < 0.1 ? 0.1 : undefined,
  })
  const damaged = random.float() < 0.3 ? history : mutateEtcd(history, random)
  return {
    header: damaged.header,
    events: damaged.events.map((event) => unrevisioned(event, random)),
  }
}

function unrevisioned(event: HistoryEvent, random: Random): HistoryEvent {
  return event.type === 'ok' && random.float() < 0.5 ? strip(event) : event
}

test('where half the answers lack their revision, checker and oracle agree on 4,000 histories', () => {
  const counts = { valid: 0, invalid: 0 }
  const agreesWithOracle = (seed: number) => {
    const history = drawn(seed)
    const expected = isLinearizable(history) ? 'valid' : 'invalid'
    counts[expected]++
    expect(checkEtcd(history).verdict).toBe(expected)
  }
  fc.assert(fc.property(fc.nat(), agreesWithOracle), { seed: 15_247, numRuns: 4_000 })
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(500)
})
