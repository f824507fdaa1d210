import { createRandom } from '../../core/random.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import type { CheckerCase } from './checker-case.ts'
import { type EtcdSimulation, simulateEtcd } from './etcd-simulator.ts'

const common = { seed: 1, keys: 10, processes: 32, operations: 10_000, unknownShare: 0.01 } as const
const mixed = { put: 30, get: 40, delete: 10, cas: 20 }
const outages = { every: 1_000, length: 300 }

const plans: Record<string, EtcdSimulation> = {
  'cas and deletes, 30 % unknown': { ...common, unknownShare: 0.3, mix: mixed },
  'cas and deletes of 5 values, 30 % unknown': {
    ...common,
    unknownShare: 0.3,
    values: 5,
    mix: mixed,
  },
  'everything, outages of 100 requests': {
    ...common,
    keys: 50,
    outages: { every: 1_000, length: 100 },
  },
  'cas and deletes, outages of 300 requests': { ...common, mix: mixed, outages },
  'cas and deletes of 2 values, hardly read, one key': {
    ...common,
    keys: 1,
    unknownShare: 0.3,
    values: 2,
    mix: { get: 10, delete: 40, cas: 50 },
  },
  'puts and deletes of 2 values, hardly read, outages': {
    ...common,
    keys: 2,
    unknownShare: 0.2,
    values: 2,
    mix: { put: 40, get: 5, delete: 30, cas: 25 },
    outages,
  },
}

/**
 * Etcd histories whose cost is not in their length: hundreds of unknown outcomes at a time, and
 * answers without a revision. Each good, and with a stale read in its last third.
 */
export function etcdHardCases(): CheckerCase[] {
  const unknown = Object.entries(plans).flatMap(([name, plan]) => {
    const good = simulateEtcd(plan)
    return [
      caseOf(`${name}, valid`, good, 'valid'),
      caseOf(`${name}, stale`, stale(good), 'invalid'),
    ]
  })
  const many = simulateEtcd({ ...common, operations: 100_000, keys: 50 })
  return [
    ...unknown,
    caseOf('100,000 operations, one put without a revision', unrevisioned(many, 1), 'valid'),
    caseOf('100,000 operations, 100 answers without a revision', unrevisioned(many, 100), 'valid'),
  ]
}

function caseOf(name: string, history: History, expected: 'valid' | 'invalid'): CheckerCase {
  const judge = () => checkEtcd(history, { timeoutMs: 60_000 })
  return { name: `etcd, ${name}`, expected, atMostMs: 15_000, judge }
}

/** A read answers what its own process was answered of the same key before, at the old revision. */
function stale({ header, events }: History): History {
  const at = events.findIndex((event, index) => {
    return index > (2 * events.length) / 3 && isFound(event) && before(events, index) !== undefined
  })
  const old = before(events, at)
  return {
    header,
    events: events.map((event, index) => (index === at ? { ...event, ...old } : event)),
  }
}

function before(events: readonly HistoryEvent[], at: number) {
  const event = events[at]
  const old = events
    .slice(0, Math.max(0, at))
    .findLast((one) => isFound(one) && one.key === event?.key && one.value !== event?.value)
  return old && { value: old.value, modRevision: old.modRevision as number }
}

function isFound({ type, f, value, modRevision }: HistoryEvent): boolean {
  return type === 'ok' && f === 'get' && typeof value === 'string' && modRevision !== undefined
}

/** So many answers to puts and reads no longer tell their revision. */
function unrevisioned({ header, events }: History, count: number): History {
  const random = createRandom(count)
  const answers = events.flatMap(({ type, f }, at) =>
    type === 'ok' && (f === 'put' || (count > 1 && f === 'get')) ? [at] : [],
  )
  const chosen = new Set(Array.from({ length: count }, () => random.pick(answers)))
  const strip = ({ revision: _, ...rest }: HistoryEvent) => rest as HistoryEvent
  return { header, events: events.map((event, at) => (chosen.has(at) ? strip(event) : event)) }
}
