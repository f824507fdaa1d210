import { expect, test } from 'vitest'
import { judge, type SimulatedRequest, served } from './testing/simulate-service.ts'

// Members that keep all requests waiting again and again, each for less than half of its deadline.

const stallMs = 400
/** Each second begins with a stall, which ends for all requests at once. */
const stalling = ({ atMs }: Pick<SimulatedRequest, 'atMs'>) => {
  const leftMs = stallMs - (atMs % 1_000)
  return leftMs > 0 ? { ...served, tookMs: leftMs + 3 } : served
}

const broken = (...ids: string[]) => ({
  outcome: 'broken',
  broken: ids.map((id) => `objective/${id}`),
})

test('stalls of all members for four tenths of each second are broken, though medians are short', async () => {
  const found = await judge({ lengthMs: 10_000, answer: stalling })
  expect(found).toMatchObject(broken('silentPercent'))
  expect(found.measures).toMatchObject({
    writeP50Ms: 3,
    memberWriteP50Ms: 3,
    slowRequestsPercent: 0,
  })
  expect(found.measures.silentPercent).toBeGreaterThan(30)
})

test('so are those of one member while the others serve, before the faults and after them', async () => {
  const answer = (request: SimulatedRequest) =>
    request.member === 'm2' ? stalling(request) : served
  expect(await judge({ lengthMs: 10_000, answer })).toMatchObject(broken('silentPercent'))
  const afterwards = (request: SimulatedRequest) =>
    request.atMs < 5_000 ? served : answer(request)
  const found = await judge({ lengthMs: 15_000, fault: [3_000, 5_000], answer: afterwards })
  expect(found).toMatchObject(broken('silentPercent'))
})

test('so are those of writes alone, and of one kind of request', async () => {
  const answer = (request: SimulatedRequest) => (request.isWrite ? stalling(request) : served)
  expect(await judge({ lengthMs: 10_000, answer })).toMatchObject(broken('silentPercent'))
  const leases = await judge({
    lengthMs: 30_000,
    answer: () => served,
    leaseAnswer: (index) => ({ ...served, tookMs: index % 4 === 0 ? 450 : 3 }),
  })
  expect(leases).toMatchObject(broken('slowRequestsPercent', 'silentPercent'))
})

test('a stall during which this machine was late itself says nothing about etcd', async () => {
  const found = await judge({
    lengthMs: 10_000,
    answer: (request) => ({
      ...stalling(request),
      ...(request.atMs % 1_000 < 50 && { lateMs: 80 }),
    }),
  })
  expect(found).toMatchObject({ outcome: 'held', measures: { silentPercent: 0 } })
})

test('stalls that long syncs of the disks may explain are none of etcd’s', async () => {
  const slowDisks = await judge({ lengthMs: 10_000, answer: stalling, syncMsPerS: 200 })
  expect(slowDisks).toMatchObject({ outcome: 'held', measures: { silentPercent: 0 } })
  const unknown = await judge({ lengthMs: 10_000, answer: stalling, syncMsPerS: null })
  expect(unknown.outcome).toBe('inconclusive')
  expect(unknown.reason).toContain('no metrics tell how long the members’ disks took')
})

test('one stall is no habit, and neither are those of less than a heartbeat', async () => {
  const once = await judge({
    lengthMs: 10_000,
    answer: ({ atMs }) => (atMs < 1_000 ? stalling({ atMs }) : served),
  })
  expect(once).toMatchObject({ outcome: 'held', measures: { silentPercent: 0 } })
  const short = await judge({ lengthMs: 10_000, answer: () => ({ ...served, tookMs: 90 }) })
  expect(short).toMatchObject({ outcome: 'held', measures: { silentPercent: 0 } })
})
