import { expect, test } from 'vitest'
import type { ThroughputRecord } from '../run-record/throughput-record.ts'
import { compareRatios, summarizePeers } from './compare.ts'

const round = (oursPerS: number, writesPerS: number, cpuMsPer10k: number | null = null) => ({
  peer: 'etcdctl',
  clients: 1_000,
  oursPerS,
  theirs: { writesPerS, cpuMsPer10k },
})

test('the ratio is that of the medians, for each peer and number of clients', () => {
  const rounds = [round(9, 2, 40), round(6, 3, 60), round(30, 1, 50)]
  const [one, other] = summarizePeers([...rounds, { ...round(8, 4), clients: 50 }])
  expect(one).toEqual({
    peer: 'etcdctl',
    clients: 1_000,
    oursPerS: [9, 6, 30],
    theirsPerS: [2, 3, 1],
    ratio: 4.5,
    theirCpuMsPer10k: 50,
  })
  expect(other).toMatchObject({ clients: 50, ratio: 2, theirCpuMsPer10k: null })
})

test('a baseline is compared by ratios, and one without any is an input error', () => {
  const record = (ratio: number): ThroughputRecord => ({
    format: 'gauntlet-throughput/1',
    keys: 1,
    keyBytes: 1,
    valueBytes: 1,
    measurements: [],
    comparisons: summarizePeers([round(ratio, 1)]),
  })
  expect(compareRatios(record(2), record(4))).toEqual([
    { peer: 'etcdctl', clients: 1_000, ratio: 2, baseline: 4, change: 0.5 },
  ])
  const { comparisons, ...without } = record(4)
  expect(comparisons).toHaveLength(1)
  expect(() => compareRatios(record(2), without)).toThrow(/comparison with the same peer/)
})
