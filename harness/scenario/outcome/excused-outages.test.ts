import { expect, test } from 'vitest'
import { judgeScenario } from './judge-scenario.ts'
import {
  judge,
  refused,
  type SimulatedRequest,
  served,
  simulateDrill,
  timedOut,
  within,
} from './testing/simulate-service.ts'

// What is no lack of service, or may be this machine's, and what is etcd's however busy the machine is.

test('what this machine may have caused is inconclusive', async () => {
  const late = await judge({
    lengthMs: 10_000,
    answer: (request) =>
      within(request, 5_000, 6_000) ? { ...timedOut, lateMs: 6_000 - request.atMs } : served,
  })
  expect(late.outcome).toBe('inconclusive')
  expect(late.reason).toContain('this machine was too busy to tell')
  expect(late.measures.lateRequests).toBeGreaterThan(200)
  const skipped = await judge({
    lengthMs: 10_000,
    skippedMs: Array.from({ length: 900 }, (_, index) => index * 10),
    answer: () => served,
  })
  expect(skipped.outcome).toBe('inconclusive')
  expect(skipped.reason).toContain('too busy for the workload: 900 of 3900 requests were not sent')
})

test('a refusal is etcd’s own, however busy this machine is', async () => {
  const { outcome, broken } = await judge({
    lengthMs: 10_000,
    answer: ({ index }) => ({ ...(index % 3 === 0 ? refused : served), lateMs: 300 }),
  })
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
})

test('a timeout that etcd answers at once is a refusal; after the deadline the machine may be late', async () => {
  const error = 'Txn at m1: UNAVAILABLE: etcdserver: request timed out'
  const busy = (tookMs: number) =>
    judge({
      lengthMs: 10_000,
      answer: ({ index }) => ({
        ...(index % 3 === 0 ? ({ type: 'info', tookMs, error } as const) : served),
        lateMs: 300,
      }),
    })
  expect((await busy(2)).broken).toEqual(['served-without-fault'])
  expect((await busy(980)).outcome).toBe('inconclusive')
})

test('a short stall of this machine in a long quiet time leaves no doubt', async () => {
  const late = await judge({
    lengthMs: 120_000,
    answer: (request) =>
      within(request, 50_000, 51_000) ? { ...timedOut, lateMs: 51_000 - request.atMs } : served,
  })
  expect(late.outcome).toBe('held')
})

test('refusals among successes are broken on a busy machine too, and an election is not', async () => {
  const error = 'Range at m1: UNAVAILABLE: etcdserver: leader changed'
  const changed = { type: 'fail', tookMs: 2, error } as const
  const onBusyMachine = (isRefused: (request: SimulatedRequest) => boolean) =>
    judge({
      lengthMs: 10_000,
      serializableOf: 4,
      answer: (request) => {
        const lateMs = request.index % 10 === 0 ? 150 : 0
        return { ...(isRefused(request) ? changed : served), lateMs }
      },
    })
  const scattered = await onBusyMachine(({ index }) => index % 5 === 1)
  expect(scattered.broken).toEqual(['served-without-fault'])
  const election = await onBusyMachine((request) => within(request, 4_000, 6_000))
  expect(election.outcome).toBe('inconclusive')
  const inTheMiddle = ({ index, atMs }: SimulatedRequest) =>
    index % 10 !== 0 && 950 < atMs % 2_000 && atMs % 2_000 < 1_050
  const elections = await onBusyMachine(inTheMiddle)
  expect(elections.outcome).toBe('inconclusive')
  const withStaleReads = await onBusyMachine(
    (request) => !request.isSerializable && within(request, 4_000, 6_000),
  )
  expect(withStaleReads.outcome).toBe('inconclusive')
})

test('a hiccup of a tenth of a second in two seconds holds, and as many refusals are broken', async () => {
  const hiccup = (answer: typeof served) => (request: SimulatedRequest) =>
    within(request, 500, 600) ? answer : served
  const short = { lengthMs: 2_000 }
  expect((await judge({ ...short, answer: hiccup(timedOut) })).outcome).toBe('held')
  expect((await judge({ ...short, answer: hiccup(refused) })).broken).toEqual([
    'served-without-fault',
  ])
  const scattered = await judge({
    ...short,
    answer: ({ index }) => (index % 25 === 7 ? timedOut : served),
  })
  expect(scattered.broken).toEqual(['served-without-fault'])
})

test('a request that is refused for what it asks is served', async () => {
  const error = 'Range at m1: OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted'
  const drill = await simulateDrill({
    lengthMs: 10_000,
    answer: ({ isWrite, index }) =>
      !isWrite && index % 5 === 0 ? { type: 'fail', tookMs: 1, error } : served,
  })
  // These reads name no revision, so the refusal itself is the violation.
  expect(judgeScenario(drill).broken).toEqual(['refusals/compacted-without-compaction'])
})

test('on a machine that was busy throughout, nothing slow is of etcd', async () => {
  const busy = await judge({
    lengthMs: 10_000,
    fault: [2_000, 8_000],
    objectives: [{ measure: 'writeOutageMs', atMost: 1_000 }],
    answer: (request) => {
      const lateMs = request.index % 10 === 0 ? 150 : 0
      return within(request, 3_000, 6_000) ? { ...timedOut, lateMs } : { ...served, lateMs }
    },
  })
  expect(busy.outcome).toBe('inconclusive')
  expect(busy.measures.writeOutageMs).toBeGreaterThan(2_900)
  expect(busy.reason).toContain('this machine was busy')
})
