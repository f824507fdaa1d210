import { expect, test } from 'vitest'
import { clusterSpec } from '../../topology/presets.ts'
import * as workloads from '../../workload/presets.ts'
import type { RunPlan } from '../plan.ts'
import type { DeclaredFault, Objective, Scenario } from '../scenario.ts'
import { judgeObjectives, planObjectives } from './objectives.ts'
import { conclude } from './outcome.ts'

const scenario: Pick<Scenario, 'objectives' | 'workload' | 'faults'> = {
  faults: [],
  objectives: () => [{ measure: 'writesPerS', atLeast: 1_000 }],
  workload: { ...workloads.steady, mix: {} },
}
const spec = clusterSpec({ version: '3.5.16' })

function judge(
  writesPerS: number | null,
  {
    emulated = false,
    users = {},
    lowerBounds = {},
  }: {
    emulated?: boolean
    users?: Record<string, number>
    lowerBounds?: Record<string, string>
  } = {},
) {
  const plan = { etcd: { emulated }, timeScale: emulated ? 10 : 1, objectives: users }
  const planned = planObjectives(scenario, spec, plan as unknown as RunPlan)
  const bounds = Object.entries(lowerBounds).map(([name, why]) => {
    return [name, { least: writesPerS ?? 0, most: null, why }]
  })
  const judged = judgeObjectives(planned.objectives, { writesPerS }, Object.fromEntries(bounds))
  const conclusion = conclude({
    failures: judged.doubts,
    verdicts: [{ checker: 'logs', verdict: 'valid', factsJudged: 1 }],
    objectives: judged.objectives,
    waived: planned.waivedObjectives,
  })
  return { ...conclusion, objectives: judged.objectives }
}

test('a floor is met by as much and missed by less', () => {
  expect(judge(1_000).outcome).toBe('held')
  const { outcome, reason, objectives } = judge(999)
  expect(outcome).toBe('broken')
  expect(reason).toContain('expected writesPerS to be at least 1000, observed 999')
  expect(objectives).toEqual([{ measure: 'writesPerS', atLeast: 1_000, measured: 999, met: false }])
})

test('a floor that could not be measured is not met', () => {
  expect(judge(null).outcome).toBe('inconclusive')
})

test("the user's floor takes the place of the scenario's", () => {
  expect(judge(999, { users: { writesPerS: 500 } }).outcome).toBe('held')
  expect(judge(5_000, { users: { writesPerS: 9_000 } }).outcome).toBe('broken')
})

test('emulated members have no floor but the one that the user sets, and the record says so', () => {
  const waived = judge(40, { emulated: true })
  expect(waived.outcome).toBe('held')
  expect(waived.objectives).toEqual([])
  expect(waived.reason).toContain('the floor of writesPerS does not apply to emulated members')
  expect(judge(40, { emulated: true, users: { writesPerS: 50 } }).outcome).toBe('broken')
})

test('a lower bound can meet a floor and not miss it', () => {
  const lowerBounds = { writesPerS: 'others used the machine' }
  expect(judge(1_000, { lowerBounds }).outcome).toBe('held')
  const open = judge(999, { lowerBounds })
  expect(open.outcome).toBe('inconclusive')
  expect(open.reason).toContain('writesPerS is 999 or more: others used the machine')
  expect(open.objectives).toMatchObject([{ atLeast: 1_000, measured: null, met: false }])
  expect(judge(999, { lowerBounds, users: { writesPerS: 500 } }).outcome).toBe('held')
})

const outage = { measure: 'writeOutageMs', atMost: 3_000 } as const

function judgeOutage(least: number, most: number | null) {
  const bounds = { writeOutageMs: { least, most, why: 'its end was not seen' } }
  const judged = judgeObjectives([outage], { writeOutageMs: least }, bounds)
  const { failures, ...rest } = { failures: judged.doubts, objectives: judged.objectives }
  const verdicts = [{ checker: 'logs', verdict: 'valid', factsJudged: 1 } as const]
  return conclude({ failures, verdicts, ...rest })
}

test('an objective is missed by the lower bound and met by the upper one', () => {
  expect(judgeOutage(100, 2_999).outcome).toBe('held')
  const missed = judgeOutage(3_100, null)
  expect(missed.outcome).toBe('broken')
  expect(missed.reason).toContain('to be at most 3000, observed 3100 or more')
})

test('between the two bounds an objective is not judged', () => {
  for (const most of [3_100, null]) expect(judgeOutage(100, most).outcome).toBe('inconclusive')
  const bounds = { writeOutageMs: { least: 100, most: 3_100, why: 'few requests' } }
  expect(judgeObjectives([outage], { writeOutageMs: 100 }, bounds).objectives).toMatchObject([
    { measured: null, met: false, least: 100, most: 3_100 },
  ])
  expect(judgeOutage(100, null).reason).toContain('100 or more: its end was not seen')
  expect(judgeOutage(100, 3_100).reason).toContain('between 100 and 3100')
})

test('every scenario bounds the median of its writes and reads while no fault is in force', () => {
  const plan = { etcd: { emulated: false }, timeScale: 1, objectives: { readP50Ms: 40 } }
  const planned = planObjectives(
    { workload: { ...workloads.steady, timeoutMs: 600 }, faults: [] },
    spec,
    plan as unknown as RunPlan,
  )
  const from = expect.stringContaining('half of a deadline')
  expect(planned.objectives).toEqual([
    { measure: 'writeP50Ms', atMost: 300, from },
    { measure: 'memberWriteP50Ms', atMost: 300, from },
    { measure: 'readP50Ms', atMost: 40, from: 'set by the user' },
    { measure: 'memberReadP50Ms', atMost: 300, from },
    { measure: 'serializableReadP50Ms', atMost: 300, from },
    { measure: 'memberSerializableReadP50Ms', atMost: 300, from },
    { measure: 'slowestKindP50Ms', atMost: 300, from },
    { measure: 'slowRequestsPercent', atMost: 2, from },
    { measure: 'silentPercent', atMost: 10, from: expect.stringContaining('100 ms or longer') },
    { measure: 'unhinderedP50Ms', atMost: 200, from: expect.stringContaining('100 ms of which') },
    { measure: 'watchLagP50Ms', atMost: 100, from: expect.stringContaining('100 ms') },
    { measure: 'lateEventsPercent', atMost: 2, from: expect.stringContaining('300 ms') },
    { measure: 'slowWatches', atMost: 2, from: expect.stringContaining('300 ms') },
    { measure: 'brokenWatches', atMost: 2, from: expect.stringContaining('compaction') },
  ])
})

test('behind doors the bounds on clients of one member are left out, with the reason, and others are wider', () => {
  const plan = { etcd: { emulated: false }, timeScale: 1, objectives: {} } as unknown as RunPlan
  const outages: Objective[] = [
    { measure: 'writeOutageMs', atMost: 1_000, from: 'why' },
    { measure: 'otherMembersWriteOutageMs', atMost: 1_000, from: 'why' },
  ]
  const planned = (
    effect: DeclaredFault['effect'],
    user: Record<string, number> = {},
    fault: Partial<DeclaredFault> = {},
  ) =>
    planObjectives(
      {
        workload: workloads.steady,
        faults: [{ name: 'f', effect, needs: {}, ...fault }],
        objectives: () => outages,
      },
      { ...spec, door: 'grpc-proxy' },
      { ...plan, objectives: user },
    )
  const boundsOf = (...args: Parameters<typeof planned>) =>
    Object.fromEntries(
      planned(...args).objectives.map((one) => [one.measure, 'atMost' in one && one.atMost]),
    )
  expect(boundsOf('stops')).toMatchObject({ writeOutageMs: 5_000, slowestKindP50Ms: 500 })
  expect(boundsOf('stops')).not.toHaveProperty('otherMembersWriteOutageMs')
  expect(Object.keys(planned('stops').unboundObjectives ?? {})).toEqual([
    'otherMembersWriteOutageMs',
    'lease-keepalive',
  ])
  expect(boundsOf('cuts')).not.toHaveProperty('writeOutageMs')
  expect(boundsOf('cuts')).toMatchObject({ noWriteServedMs: 1_000 })
  expect(planned('cuts').unboundObjectives?.writeOutageMs).toMatch(
    /cut off .*frozen or slow.*; noWriteServedMs is judged instead$/,
  )
  expect(boundsOf('changes')).toMatchObject({ writeOutageMs: 1_000 })
  expect(boundsOf('changes', {}, { exits: true })).toMatchObject({ writeOutageMs: 5_000 })
  expect(boundsOf('cuts', { writeOutageMs: 7 })).toMatchObject({ writeOutageMs: 7 })
})

test('a median of serializable reads is not asked of a workload that sends hardly any', () => {
  const plan = { etcd: { emulated: false }, timeScale: 1, objectives: {} }
  const planned = planObjectives(
    { workload: { ...workloads.steady, ratePerS: 10 }, faults: [] },
    spec,
    plan as unknown as RunPlan,
  )
  const measures = planned.objectives.map(({ measure }) => measure)
  expect(measures).toContain('readP50Ms')
  expect(measures).not.toContain('serializableReadP50Ms')
})

test('each lost vote adds to the bound of an election, as many as are likely', () => {
  const planned: Objective = {
    ...outage,
    from: 'an election',
    lostVotes: { most: 2, addMs: 2_000 },
  }
  const boundFor = (lostVotes: number | null) =>
    judgeObjectives([planned], { writeOutageMs: 6_000, lostVotes }, {}).objectives[0]
  expect(boundFor(0)).toMatchObject({ atMost: 3_000, met: false, from: 'an election' })
  expect(boundFor(2)).toMatchObject({
    atMost: 7_000,
    met: true,
    from: 'an election, and 2 lost votes of 2000 ms',
  })
  expect(boundFor(9)).toMatchObject({ atMost: 7_000 })
  expect(boundFor(null)?.from).toBe('an election, and up to 2 lost votes of 2000 ms')
})
