import { expect, test } from 'vitest'
import { scenariosOf, suiteNames } from '../harness/cli/run/suites.ts'
import { clusterSpec, type Drill } from '../harness/index.ts'
import { judgeObjectives } from '../harness/scenario/outcome/objectives.ts'
import { withinOneRecovery } from './quota-alarms/objectives.ts'
import { othersWithinOneElection, takesNothing, withinOneElection } from './shared/objectives.ts'

const spec = clusterSpec({ version: '3.5.16' })
const scenarios = (await Promise.all(suiteNames().map(scenariosOf))).flat()

test('every objective of every scenario says from which timers it follows', () => {
  const objectives = scenarios.flatMap(({ id, objectives: own }) =>
    (own?.(spec) ?? []).map((objective) => ({ id, objective })),
  )
  expect(objectives.length).toBeGreaterThan(50)
  expect(objectives.filter(({ objective }) => objective.from === undefined)).toEqual([])
})

test('the bound of an election follows the ratio of election timeout to heartbeat', () => {
  const slow = clusterSpec({
    version: '3.5.16',
    heartbeatIntervalMs: 1_000,
    electionTimeoutMs: 5_000,
  })
  const judged = (writeOutageMs: number, lostVotes: number, cluster = slow) =>
    judgeObjectives(withinOneElection(cluster), { writeOutageMs, lostVotes }, {}).objectives[0]
  expect(judged(2_900, 0, spec)).toMatchObject({ atMost: 3_000, met: true })
  expect(judged(19_900, 0)).toMatchObject({ atMost: 20_000, met: true })
  expect(judged(21_300, 0)).toMatchObject({ met: false })
  const split = judged(21_300, 2)
  expect(split).toMatchObject({ atMost: 40_000, met: true })
  expect(split?.from).toContain('election / heartbeat is 5, and 2 lost votes of 10000 ms')
})

test('a scenario that takes nothing allows no term where members pre-vote', () => {
  const measures = (version: string) =>
    takesNothing(clusterSpec({ version })).map(({ measure }) => measure)
  expect(measures('3.5.16')).toContain('termsTried')
  expect(measures('3.4.23')).not.toContain('termsTried')
})

test.each([
  // Two election timeouts of 1 s and ten heartbeats of 100 ms, then 500 ms or 5 s and two election timeouts.
  ['3.3.25', 20_000],
  ['3.4.19', 20_000],
  ['3.4.20', 3_500],
  ['3.5.0', 3_500],
  ['3.7.1', 3_500],
])('reads of etcd %s are out for %d ms at most, beyond an election', (version, atMost) => {
  const objectives = othersWithinOneElection(clusterSpec({ version }))
  const boundOf = (wanted: string) => objectives.find(({ measure }) => measure === wanted)
  expect(boundOf('readOutageMs')).toMatchObject({ atMost })
  expect(boundOf('otherMembersReadOutageMs')).toMatchObject({ atMost })
  expect(boundOf('otherMembersWriteOutageMs')).toMatchObject({ atMost: 3_000 })
})

test('a short heartbeat shortens no bound of work on the disk', () => {
  const objectivesAt = (heartbeatIntervalMs: number) =>
    withinOneRecovery(clusterSpec({ version: '3.5.16', heartbeatIntervalMs }))
  expect(objectivesAt(10)).toMatchObject([{ atMost: 3_500 }])
  expect(objectivesAt(100)).toMatchObject([{ atMost: 3_500 }])
  expect(objectivesAt(200)).toMatchObject([{ atMost: 7_000 }])
})

test.each([100, 300, 1_000, 5_000])(
  'with an election timeout of %d ms a killed leader stays away for longer than clients behind doors may be out',
  async (electionTimeoutMs) => {
    const timed = { electionTimeoutMs, heartbeatIntervalMs: electionTimeoutMs / 10 }
    const cluster = clusterSpec({ version: '3.5.16', ...timed })
    const killed = scenarios.filter(({ id }) => /^doors\/.*leader-killed$/.test(id))
    expect(killed).toHaveLength(2)
    for (const { objectives, act } of killed) {
      let goneMs = 0
      await act({
        cluster: { spec: cluster, leader: async () => ({ name: 'm1' }) },
        inject: async () => ({ undo: async () => {} }),
        untilServing: async () => {},
        hold: async (ms: number) => {
          goneMs += ms
        },
      } as unknown as Drill)
      const [allowed] = judgeObjectives(objectives?.(cluster) ?? [], {}, {}).objectives
      expect(goneMs).toBeGreaterThanOrEqual(
        allowed !== undefined && 'atMost' in allowed ? allowed.atMost : Infinity,
      )
    }
  },
)
