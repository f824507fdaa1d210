import { expect, test } from 'vitest'
import type { HistoryEvent } from '../../../history/operations.ts'
import { type EtcdSimulation, simulateEtcd } from '../../testing/etcd-simulator.ts'
import { checkEtcd } from '../check-etcd.ts'

const base = { keys: 10, processes: 32, operations: 3_000 }
const mixed = { put: 30, get: 40, delete: 10, cas: 20 }

const hard: Record<string, EtcdSimulation> = {
  'compare-and-set and deletes of 2 values, 30 % unknown': {
    ...base,
    seed: 9,
    keys: 1,
    processes: 50,
    operations: 10_000,
    unknownShare: 0.3,
    values: 2,
    mix: { get: 10, delete: 40, cas: 50 },
  },
  'outages of 300 requests, 2 values': {
    ...base,
    seed: 101,
    keys: 20,
    unknownShare: 0.1,
    values: 2,
    mix: { get: 10, delete: 40, cas: 50 },
    outages: { every: 1_000, length: 300 },
  },
  'outages of 300 requests, hardly any read': {
    ...base,
    seed: 38,
    keys: 2,
    processes: 4,
    operations: 10_000,
    unknownShare: 0.2,
    values: 2,
    mix: { put: 40, get: 5, delete: 30, cas: 25 },
    outages: { every: 1_000, length: 300 },
  },
  'every value its own, 30 % unknown': { ...base, seed: 4, unknownShare: 0.3, mix: mixed },
}

test.each(Object.entries(hard))('the search finds an order: %s', (_, simulation) => {
  expect(checkEtcd(simulateEtcd(simulation), { timeoutMs: 60_000 }).verdict).toBe('valid')
})

test('interchangeable unknown writes explain one revision each, and no more', () => {
  const unknown = Array.from({ length: 40 }, (_, process): HistoryEvent[] => [
    { type: 'invoke', process, f: 'delete', key: 'a', timeNs: 1 },
    { type: 'info', process, f: 'delete', timeNs: 1 },
  ]).flat()
  const put = (revision: number): HistoryEvent[] => [
    { type: 'invoke', process: 90, f: 'put', key: 'a', value: 'x', timeNs: 1 },
    { type: 'ok', process: 90, f: 'put', revision, timeNs: 1 },
  ]
  const judge = (count: number) => {
    const puts = Array.from({ length: count }, (_, at) => put(2 + 2 * at)).flat()
    const header = {
      format: 'gauntlet-history/1',
      model: 'etcd',
      initial: { revision: 1 },
    } as const
    return checkEtcd({ header, events: [...unknown, ...puts] }).verdict
  }
  expect(judge(41)).toBe('valid')
  expect(judge(42)).toBe('invalid')
})

test('a value that only an answer without a revision shows stays distinct from the others', () => {
  const put = (process: number, value: string): HistoryEvent => {
    return { type: 'invoke', process, f: 'put', key: 'a', value, timeNs: 1 }
  }
  const events: HistoryEvent[] = [
    put(0, 'first'),
    put(1, 'second'),
    put(3, 'second'),
    { type: 'invoke', process: 2, f: 'get', key: 'a', timeNs: 2 },
    { type: 'ok', process: 2, f: 'get', value: 'second', modRevision: 2, timeNs: 3 },
    { type: 'invoke', process: 2, f: 'put', key: 'b', value: 'x', timeNs: 4 },
    { type: 'ok', process: 2, f: 'put', revision: 3, timeNs: 5 },
  ]
  const header = { format: 'gauntlet-history/1', model: 'etcd', initial: { revision: 1 } } as const
  expect(checkEtcd({ header, events }).verdict).toBe('valid')
})
