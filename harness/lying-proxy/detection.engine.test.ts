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
 * A proxy between the clients and the members falsifies one kind of answer in an ordinary drill. The
 * checker whose guarantee it breaks must detect it, and an honest proxy must pass every checker.
 * LIES_TIMES repeats each, to find a lie that is detected only sometimes.
 */
const times = Number(process.env.LIES_TIMES ?? 1)
const drillMs = 3_000
/** With one lie alone, a busy machine's workload may never ask again. */
const fewestLies = 5
const longestDrillMs = 20_000

interface LieCounter {
  count: () => number
}

function scenarioWith(lie: Lie | undefined, counter: LieCounter): Scenario {
  return {
    id: `lying-proxy/${lie?.name ?? 'honest'}`,
    title: lie
      ? `A checker detects a proxy that ${lie.what}`
      : 'Every checker passes an honest proxy',
    depth: 'ci',
    // Light: the proxies take their share of this process, and a lie needs no dense load.
    workload: { ...workloads.steady, keys: 5, ratePerS: 100, programs: programsFor(lie) },
    faults: [],
    route: async (cluster) => {
      const route = await startLyingProxies(cluster, lie)
      counter.count = route.lies
      return route
    },
    checkers: ['lock'],
    act: (drill) => contendForLock(drill, () => lie === undefined || counter.count() >= fewestLies),
  }
}

/** Leases take seconds to end, so only the lies about leases have any. */
function programsFor(lie: Lie | undefined): readonly ProgramSpec[] {
  if (lie !== undefined && lie.detectedBy !== 'lease') return []
  return [{ name: 'leases', ratePerS: 60, clients: 10 }]
}

/**
 * Four owners take a lock in turn, each holding it for a moment, while the workload runs: for a
 * while, and until the proxy lied often enough.
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
  const counter: LieCounter = { count: () => 0 }
  const { record, directory } = await runStandalone(scenarioWith(lie, counter), {
    log: stderrLog(),
  })
  const invalid = record.verdicts.filter(({ verdict }) => verdict === 'invalid')
  if (process.env.LIES_KEEP === undefined) rmSync(directory, { recursive: true })
  const detectedBy = invalid.map(({ checker }) => checker)
  return { record, lied: counter.count(), detectedBy }
}

const rounds = Array.from({ length: times }, (_, index) => index + 1)

test.each(rounds)(
  'every checker passes an honest proxy, round %i',
  async () => {
    const { record, lied } = await conductWith(undefined)
    expect(lied).toBe(0)
    expect(`${record.outcome}: ${record.reason}`).toMatch(/^held/)
  },
  300_000,
)

test.each(lies.flatMap((lie) => rounds.map((round) => ({ ...lie, round }))))(
  '$detectedBy detects $name, round $round',
  async (lie) => {
    const { record, lied, detectedBy } = await conductWith(lie)
    expect(lied).toBeGreaterThan(0)
    expect(`${record.outcome}: ${record.reason}`).toMatch(/^broken/)
    expect(detectedBy).toContain(lie.detectedBy)
  },
  300_000,
)
