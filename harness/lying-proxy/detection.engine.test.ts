import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lockPrefix } from '../checkers/lock.ts'
import { stderrLog } from '../core/log.ts'
import { runStandalone } from '../scenario/run-standalone.ts'
import type { Drill, Scenario } from '../scenario/scenario.ts'
import * as workloads from '../workload/presets.ts'
import type { ProgramSpec } from '../workload/workload.ts'
import { type Lie, lies, startLyingProxies } from './lies.ts'

/*
 * A proxy between the clients and the members tells one lie. Each has to be convicted, by the
 * checker whose guarantee it breaks, in a drill like any other; the honest proxy has to be
 * acquitted. LIES_TIMES repeats each, to find a conviction that comes only now and then.
 */
const times = Number(process.env.LIES_TIMES ?? 1)
const drillMs = 3_000
/** On a busy machine one lie may be told to somebody who never comes to look. */
const fewestLies = 5
const longestDrillMs = 20_000

interface Told {
  count: () => number
}

function scenarioWith(lie: Lie | undefined, told: Told): Scenario {
  return {
    id: `canaries/${lie?.name ?? 'honest'}`,
    title: `A proxy that ${lie?.what ?? 'is honest'} is found out`,
    depth: 'ci',
    // Light: the proxies take their share of this process, and a lie needs no dense load.
    workload: { ...workloads.steady, keys: 5, ratePerS: 100, programs: programsFor(lie) },
    faults: [],
    watches: true,
    route: async (cluster) => {
      const route = await startLyingProxies(cluster, lie)
      told.count = route.lies
      return route
    },
    checkers: ['lock'],
    act: (drill) => contendForLock(drill, () => lie === undefined || told.count() >= fewestLies),
  }
}

/** Leases take their time to end: they are granted only where they are to be judged. */
function programsFor(lie: Lie | undefined): readonly ProgramSpec[] {
  if (lie !== undefined && lie.detectedBy !== 'lease') return []
  return [{ name: 'leases', ratePerS: 60, clients: 10 }]
}

/**
 * Four owners take a lock in turn, each holding it for a moment, while the workload runs: for a
 * while, and until enough lies were told.
 */
async function contendForLock(drill: Drill, isEnough: () => boolean): Promise<void> {
  const startedNs = drill.nowNs()
  const goesOn = () => {
    const passedMs = (drill.nowNs() - startedNs) / 1e6
    return passedMs < drillMs || (passedMs < longestDrillMs && !isEnough())
  }
  const contend = async (owner: number) => {
    const member = drill.cluster.members[owner % drill.cluster.members.length]
    if (member === undefined) throw new Error('Expected a member, got none')
    const key = `${lockPrefix}one`
    for (let turn = 0; goesOn(); turn++) {
      const value = [null, `owner-${owner}-${turn}`] as const
      const { applied } = await drill.attempt(member, { kind: 'cas', key, value })
      await drill.hold(20)
      if (applied === true) await drill.attempt(member, { kind: 'delete', key })
    }
  }
  await Promise.all([0, 1, 2, 3].map(contend))
}

async function conductWith(lie: Lie | undefined) {
  const told: Told = { count: () => 0 }
  const { record, directory } = await runStandalone(scenarioWith(lie, told), { log: stderrLog() })
  const invalid = record.verdicts.filter(({ verdict }) => verdict === 'invalid')
  if (process.env.LIES_KEEP === undefined) rmSync(directory, { recursive: true })
  const detectedBy = invalid.map(({ checker }) => checker)
  return { record, lied: told.count(), detectedBy }
}

const rounds = Array.from({ length: times }, (_, index) => index + 1)

test.each(rounds)(
  'an honest proxy is acquitted of everything, round %i',
  async () => {
    const { record, lied } = await conductWith(undefined)
    expect(lied).toBe(0)
    expect(`${record.outcome}: ${record.reason}`).toMatch(/^held/)
  },
  300_000,
)

test.each(lies.flatMap((lie) => rounds.map((round) => ({ ...lie, round }))))(
  '$name is detected by $detectedBy, round $round',
  async (lie) => {
    const { record, lied, detectedBy } = await conductWith(lie)
    expect(lied).toBeGreaterThan(0)
    expect(`${record.outcome}: ${record.reason}`).toMatch(/^broken/)
    expect(detectedBy).toContain(lie.detectedBy)
  },
  300_000,
)
