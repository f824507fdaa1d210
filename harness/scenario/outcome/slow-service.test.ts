import { expect, test } from 'vitest'
import { judge, type SimulatedDrill, served } from './testing/simulate-service.ts'

// What etcd answers rightly and late.

test('every grant of a lease taking 800 ms is broken, though all others are quick', async () => {
  const { outcome, broken, measures } = await judge({
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) => ({ ...served, tookMs: index % 4 === 0 ? 800 : 3 }),
  })
  const missed = ['objective/slowestKindP50Ms', 'objective/slowRequestsPercent']
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: missed })
  expect(measures).toMatchObject({ writeP50Ms: 3, slowestKindP50Ms: 800 })
})

test('every write taking 990 ms is broken, though none is late', async () => {
  const { outcome, broken, measures } = await judge({
    lengthMs: 10_000,
    fault: [4_000, 5_000],
    answer: ({ isWrite }) => ({ ...served, tookMs: isWrite ? 990 : 3 }),
  })
  const missed = ['writeP50Ms', 'memberWriteP50Ms', 'slowestKindP50Ms', 'unhinderedP50Ms'].map(
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
  const missed = ['objective/memberReadP50Ms', 'objective/unhinderedP50Ms']
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
  expect((await judge(oneOf(100))).outcome).toBe('held')
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

test('stalls that hold up all requests at once are no slow requests', async () => {
  const { broken, measures } = await judge({
    lengthMs: 10_000,
    answer: ({ atMs }) => {
      const leftMs = 900 - (atMs % 2_000)
      return leftMs > 0 && leftMs <= 900 ? { ...served, tookMs: leftMs + 3 } : served
    },
  })
  expect(measures.slowRequestsPercent).toBe(0)
  expect(broken).toEqual(['objective/silentPercent'])
})

test('on a busy machine requests that others overtake are in doubt, and do not hold', async () => {
  const { outcome, measures } = await judge({
    lengthMs: 10_000,
    answer: ({ index }) => ({
      ...served,
      ...(index % 10 < 2 && { lateMs: 150 }),
      tookMs: index % 20 === 5 ? 800 : 3,
    }),
  })
  expect(outcome).toBe('inconclusive')
  expect(measures.slowRequestsPercent).toBeGreaterThan(4.5)
})

test('every request taking 400 ms is broken where neither the machine nor a disk is slow', async () => {
  const slow: SimulatedDrill = { lengthMs: 10_000, answer: () => ({ ...served, tookMs: 400 }) }
  const { outcome, broken, measures } = await judge(slow)
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['objective/unhinderedP50Ms'] })
  expect(measures).toMatchObject({ writeP50Ms: 400, unhinderedP50Ms: 400 })
  // Five syncs a second, of 120 ms each.
  const onSlowDisk = await judge({ ...slow, syncMsPerS: 600 })
  expect(onSlowDisk).toMatchObject({ outcome: 'held', measures: { unhinderedP50Ms: 0 } })
  const answer = () => ({ ...served, tookMs: 400, lateMs: 60 })
  const onBusyMachine = await judge({ ...slow, answer })
  expect(onBusyMachine).toMatchObject({ outcome: 'held', measures: { unhinderedP50Ms: 0 } })
})

test('so it is where it becomes so slow only after a fault', async () => {
  const { broken } = await judge({
    lengthMs: 15_000,
    fault: [4_000, 5_000],
    answer: ({ atMs }) => ({ ...served, tookMs: atMs < 4_000 ? 3 : 400 }),
  })
  expect(broken).toEqual(['objective/unhinderedP50Ms'])
})

test('one of ten requests taking 450 ms is broken, and on a busy machine is not', async () => {
  const oneOfTen = (lateMs: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: ({ index }) => ({
      ...served,
      ...(lateMs > 0 && index % 20 === 3 && { lateMs }),
      tookMs: index % 10 === 3 ? 450 : 3,
    }),
  })
  expect((await judge(oneOfTen(0))).broken).toEqual(['objective/slowRequestsPercent'])
  expect((await judge(oneOfTen(60))).outcome).toBe('held')
})

test('a rare kind of request taking 450 ms is broken, though it is few of all requests', async () => {
  const grants = (slowOf: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) => ({ ...served, tookMs: index % slowOf === 0 ? 450 : 3 }),
  })
  // Of 200 requests about leases 50 are grants: 13 of them.
  expect((await judge(grants(16))).broken).toEqual(['objective/slowRequestsPercent'])
  expect((await judge(grants(64))).outcome).toBe('held')
})
