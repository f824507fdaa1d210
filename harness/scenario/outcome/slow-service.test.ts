import { expect, test } from 'vitest'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { judgeScenario } from './judge-scenario.ts'
import { type SimulatedDrill, served, simulateDrill } from './testing/simulate-service.ts'

// What etcd answers rightly and late.

const judge = async (drill: SimulatedDrill): Promise<ScenarioRecord> =>
  judgeScenario(await simulateDrill(drill))

test('every grant of a lease taking 800 ms is broken, though all others are quick', async () => {
  const { outcome, broken, measures } = await judge({
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) => ({ ...served, tookMs: index % 4 === 0 ? 800 : 3 }),
  })
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['objective/slowestKindP50Ms'] })
  expect(measures).toMatchObject({ writeP50Ms: 3, slowestKindP50Ms: 800 })
})

test('every write taking 990 ms is broken, though none is late', async () => {
  const { outcome, broken, measures } = await judge({
    lengthMs: 10_000,
    fault: [4_000, 5_000],
    answer: ({ isWrite }) => ({ ...served, tookMs: isWrite ? 990 : 3 }),
  })
  const missed = ['writeP50Ms', 'memberWriteP50Ms', 'slowestKindP50Ms', 'slowRequestsPercent'].map(
    (of) => `objective/${of}`,
  )
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: missed })
  expect(measures).toMatchObject({ writeP50Ms: 990, readP50Ms: 3 })
})

test('every read of one member taking 600 ms is broken, though two of three are quick', async () => {
  const { outcome, broken, measures } = await judge({
    lengthMs: 10_000,
    fault: [4_000, 5_000],
    answer: ({ isWrite, member }) =>
      !isWrite && member === 'm2' ? { ...served, tookMs: 600 } : served,
  })
  const missed = ['objective/memberReadP50Ms', 'objective/slowRequestsPercent']
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: missed })
  expect(measures).toMatchObject({ readP50Ms: 3, memberReadP50Ms: 600 })
})

test('one of twenty requests taking 800 ms is broken, though every median is short', async () => {
  const oneOf = (each: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: ({ index }) => ({ ...served, tookMs: index % each === 0 ? 800 : 3 }),
  })
  const { outcome, broken, measures } = await judge(oneOf(20))
  const missed = ['objective/slowRequestsPercent']
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: missed })
  expect(measures.slowRequestsPercent).toBeGreaterThan(4.5)
  expect((await judge(oneOf(50))).outcome).toBe('held')
})

test('one of ten requests of one member taking 800 ms is broken', async () => {
  const { broken, measures } = await judge({
    lengthMs: 10_000,
    answer: ({ member, index }) => ({
      ...served,
      tookMs: member === 'm2' && index % 10 === 1 ? 800 : 3,
    }),
  })
  expect(broken).toEqual(['objective/slowRequestsPercent'])
  expect(measures.slowRequestsPercent).toBeCloseTo(9.9, 0)
})

test('one stall in ten seconds holds, and five of them are broken', async () => {
  // Clients that wait send nothing else: only what was due at its begin is late.
  const stalls = (count: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: ({ atMs }) => {
      const isOut = atMs % 2_000 < 80 && atMs < count * 2_000
      return isOut ? { ...served, tookMs: 900 } : served
    },
  })
  expect((await judge(stalls(1))).measures.slowRequestsPercent).toBe(0)
  expect((await judge(stalls(1))).outcome).toBe('held')
  expect((await judge(stalls(5))).broken).toEqual(['objective/slowRequestsPercent'])
})

test('slow requests of a machine that stalled, or was busy throughout, are inconclusive', async () => {
  const { outcome, reason, objectives } = await judge({
    lengthMs: 10_000,
    answer: ({ index }) => ({
      ...served,
      ...(index % 10 < 2 && { lateMs: 150 }),
      tookMs: index % 20 === 0 ? 800 : 3,
    }),
  })
  expect(outcome).toBe('inconclusive')
  expect(reason).toContain('slowRequestsPercent is between 0 and ')
  expect(objectives.at(-1)).toMatchObject({ measured: null, met: false, least: 0 })
})
