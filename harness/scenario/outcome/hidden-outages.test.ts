import { expect, test } from 'vitest'
import { judgeScenario } from './judge-scenario.ts'
import {
  judge,
  refused,
  type SimulatedDrill,
  type SimulatedRequest,
  served,
  simulateDrill,
  timedOut,
  within,
} from './testing/simulate-service.ts'

// What etcd could do to its clients without any wrong answer: none of it holds, and the record says
// what was.

test('a cluster that serves every request holds', async () => {
  const quiet = await judge({ lengthMs: 10_000, answer: () => served })
  expect(quiet.outcome).toBe('held')
  expect(quiet.measures).toMatchObject({ writeP50Ms: 3, readP50Ms: 3 })
  const killed = await judge({
    lengthMs: 10_000,
    fault: [3_000, 5_000],
    answer: (request) => {
      const isDown = request.member === 'm1' && within(request, 3_000, 5_000)
      return isDown ? refused : served
    },
  })
  expect(killed.outcome).toBe('held')
  expect(killed.measures.memberWriteOutageMs).toBeGreaterThan(1_900)
  expect(killed.measures.writeOutageMs).toBeLessThan(10)
  expect(killed.measures.otherMembersUnserved).toBe(0)
})

test('a third of all requests refused without a fault is broken', async () => {
  const { outcome, reason, broken } = await judge({
    lengthMs: 10_000,
    answer: ({ index }) => ((index * 7) % 10 < 3 ? refused : served),
  })
  expect(outcome).toBe('broken')
  expect(broken).toEqual(['served-without-fault'])
  expect(reason).toMatch(/expected at most 29 of 2997 requests .*, observed 897 from second 0.0 on/)
  expect(reason).toContain('too many requests')
})

test('writes that are done and answered UNAVAILABLE are broken', async () => {
  const error = 'Put at m1: UNAVAILABLE: etcdserver: leader changed'
  const unavailable = { type: 'info', tookMs: 2, error } as const
  const { outcome, broken } = await judge({
    lengthMs: 10_000,
    answer: ({ isWrite, index }) => (isWrite && index % 3 === 0 ? unavailable : served),
  })
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
})

test('every fifth lease request refused is broken, though all others are served', async () => {
  const { outcome, reason, broken } = await judge({
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) =>
      index % 5 === 0 ? { ...refused, error: 'etcdserver: refused' } : served,
  })
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
  expect(reason).toContain('(39 failed; 13 at m3, 13 at m2, 13 at m1)')
})

test('every tenth lease request refused is broken, though hardly any of all requests', async () => {
  const refuseEach = (each: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) =>
      index % each === 1 ? { ...refused, error: 'etcdserver: refused' } : served,
  })
  const { outcome, reason, broken } = await judge(refuseEach(10))
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
  expect(reason).toMatch(/at most 7 of 150 requests of the kind lease-keepalive .*, observed 20 /)
  expect((await judge(refuseEach(100))).outcome).toBe('held')
})

test('every tenth lease request without an answer is broken, and on a busy machine is not', async () => {
  const unanswered: SimulatedDrill = {
    lengthMs: 10_000,
    answer: () => served,
    leaseAnswer: (index) => (index % 10 === 1 ? timedOut : served),
  }
  const { outcome, reason, broken } = await judge(unanswered)
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
  expect(reason).toMatch(/of 150 requests of the kind lease-keepalive .*, observed \d+ /)
  const busy = { ...served, lateMs: 150 }
  const slow = {
    ...unanswered,
    answer: ({ index }: SimulatedRequest) => (index % 10 < 2 ? busy : served),
  }
  expect((await judge(slow)).broken).toBeUndefined()
})

const withinOneElection = [{ measure: 'writeOutageMs', atMost: 3_000 }] as const

test('nine of ten writes timing out is an outage, whatever the tenth does', async () => {
  const { outcome, broken, measures, outages } = await judge({
    lengthMs: 12_000,
    fault: [2_000, 10_000],
    objectives: withinOneElection,
    answer: (request) => {
      const isOut = request.isWrite && within(request, 2_000, 10_000)
      return isOut && Math.floor(request.index / 6) % 10 !== 0 ? timedOut : served
    },
  })
  expect(outcome).toBe('broken')
  expect(broken).toContain('objective/writeOutageMs')
  expect(measures.writeOutageMs).toBeGreaterThan(7_500)
  expect(outages?.find(({ of, member }) => of === 'writes' && member === undefined)?.endNs).toEqual(
    expect.any(Number),
  )
})

test("one member's clients out for eight seconds is that member's outage", async () => {
  const oneOut = (fromMs: number) => (request: SimulatedRequest) =>
    request.member === 'm3' && within(request, fromMs, fromMs + 8_000) ? timedOut : served
  const faulty = await judge({
    lengthMs: 14_000,
    fault: [2_000, 11_000],
    objectives: [{ measure: 'otherMembersWriteOutageMs', atMost: 3_000 }],
    answer: oneOut(2_500),
  })
  expect(faulty.broken).toEqual(['objective/otherMembersWriteOutageMs'])
  expect(faulty.measures.writeOutageMs).toBeLessThan(20)
  expect(faulty.measures.otherMembersWriteOutageMs).toBeGreaterThan(7_900)
  expect(faulty.measures.otherMembersUnserved).toBeGreaterThan(0.2)
  const quiet = await judge({ lengthMs: 14_000, answer: oneOut(2_500) })
  expect(quiet.broken).toEqual(['served-without-fault'])
  expect(quiet.reason).toMatch(/\d+ at m3\)/)
})

test('an outage that starts just after the heal counts', async () => {
  const { broken, measures } = await judge({
    lengthMs: 14_000,
    fault: [2_000, 4_000],
    steadyMs: [0, 12_000],
    objectives: withinOneElection,
    answer: (request) => (within(request, 4_010, 11_000) ? timedOut : served),
  })
  expect(broken).toEqual(['objective/writeOutageMs'])
  expect(measures.writeOutageMs).toBeGreaterThan(6_900)
})

test('a service that never comes back has no upper bound, and an objective above it is open', async () => {
  const never = (atMost: number) =>
    judge({
      lengthMs: 4_000,
      fault: [2_000, 3_500],
      steadyMs: [0],
      objectives: [{ measure: 'writeOutageMs', atMost }],
      answer: ({ atMs }) => (atMs < 2_500 ? served : timedOut),
    })
  const missed = await never(1_000)
  expect(missed.broken).toEqual(['objective/writeOutageMs'])
  expect(missed.objectives).toMatchObject([{ met: false, most: null }])
  const open = await never(60_000)
  expect(open.outcome).toBe('inconclusive')
  expect(open.reason).toMatch(/writeOutageMs is \d+(\.\d)? or more: its end was not seen/)
  expect(open.marks.map(({ kind }) => kind)).not.toContain('outage-end')
})

test('one long outage inside a long quiet time is not averaged away', async () => {
  const { broken } = await judge({
    lengthMs: 120_000,
    answer: (request) => (within(request, 50_000, 50_200) ? refused : served),
  })
  expect(broken).toEqual(['served-without-fault'])
})

test('a member that refuses its clients for seconds after its restart is broken', async () => {
  const refusing = (untilMs: number) =>
    judge({
      lengthMs: 20_000,
      fault: [2_000, 5_000],
      steadyMs: [0, 16_500],
      objectives: [{ measure: 'restartedMemberMs', atMost: 8_000 }],
      answer: (request) =>
        request.member === 'm1' && within(request, 2_000, untilMs) ? refused : served,
    })
  const late = await refusing(16_000)
  expect(late.broken).toEqual(['objective/restartedMemberMs'])
  expect(late.measures.restartedMemberMs).toBeGreaterThan(10_900)
  const soon = await refusing(6_000)
  expect(soon.outcome).toBe('held')
  expect(soon.measures.restartedMemberMs).toBeLessThan(1_100)
})

test('a member that a fault removed need not serve again, any other one must', async () => {
  const drill = await simulateDrill({
    lengthMs: 10_000,
    fault: [3_000, 5_000],
    answer: ({ member, atMs }) => (member === 'm1' && atMs >= 3_000 ? refused : served),
  })
  expect(judgeScenario(drill).broken).toEqual(['served-without-fault'])
  const { header, events } = drill.input.history
  const removes = events.map((event) =>
    event.type === 'fault' ? { ...event, effect: 'removes' as const } : event,
  )
  const removed = { ...drill, input: { history: { header, events: removes } } }
  expect(judgeScenario(removed).outcome).toBe('held')
})

test('each 150th request that etcd refuses at once is broken, though it is less than one percent', async () => {
  const refusing = (each: number): SimulatedDrill => ({
    lengthMs: 10_000,
    answer: ({ index }) => (index % each === 1 ? refused : served),
  })
  const { outcome, broken, reason } = await judge(refusing(150))
  expect({ outcome, broken }).toEqual({ outcome: 'broken', broken: ['served-without-fault'] })
  expect(reason).toMatch(/at most 2 of \d+ requests to be refused by etcd at once/)
  expect((await judge(refusing(1_500))).outcome).toBe('held')
  const loggingIn = await judge({
    lengthMs: 10_000,
    answer: ({ index }) =>
      index % 150 === 1 ? { ...refused, error: 'Put: etcdserver: invalid auth token' } : served,
  })
  expect(loggingIn.outcome).toBe('held')
})
