import { afterAll, expect, test } from 'vitest'
import {
  type ClusterSpec,
  type Lie,
  lies,
  randomSeed,
  runStandalone,
  type Scenario,
  startLyingProxies,
  stderrLog,
} from '../../../harness/index.ts'
import { type ClusterPool, openClusterPool } from '../../../harness/scenario/cluster-pool.ts'
import { removeUnlessFailed } from '../../../harness/scenario/testing/remove-unless-failed.ts'

/** How often each lie is tried: a nightly run finds a lie that is detected only sometimes. */
const times = Number(process.env.LIES_TIMES ?? 1)

/**
 * Makes a test of every lie that one of these scenarios is to detect: with a proxy that lies, its
 * record is broken by the expected id. Before them, each of the scenarios holds with a proxy that
 * does not lie. The clusters are the smallest that a scenario applies to, without TLS, and shared.
 */
export function describeLies(scenarios: readonly Scenario[]): void {
  const pool = openClusterPool()
  afterAll(() => pool[Symbol.asyncDispose]())
  const rows = lies.flatMap((lie) => {
    const scenario = scenarios.find(({ id }) => id === lie.detection?.scenario)
    if (scenario === undefined || lie.detection === undefined) return []
    return [{ id: scenario.id, name: lie.name, by: lie.detection.id, scenario, lie }]
  })
  const used = scenarios.filter(({ id }) => rows.some((row) => row.id === id))
  test.each(repeat(used))('$id holds with an honest proxy', async (scenario) => {
    const { outcome, broken, reason, lieCount } = await conductThroughProxies(scenario, pool)
    expect(lieCount).toBe(0)
    expect([outcome, broken], reason).toEqual(['held', undefined])
  })
  test.each(repeat(rows))('$id detects $name', async ({ scenario, lie, by }) => {
    const found = await conductThroughProxies(scenario, pool, lie)
    const { outcome, broken = [], reason, lieCount } = found
    expect(lieCount).toBeGreaterThan(0)
    expect(broken, `${outcome} by ${broken.join(', ') || 'nothing'}: ${reason}`).toContain(by)
    expect(outcome).toBe('broken')
  })
}

const repeat = <T>(all: readonly T[]): T[] => Array.from({ length: times }, () => all).flat()

async function conductThroughProxies(scenario: Scenario, pool: ClusterPool, lie?: Lie) {
  const [log, seed] = [stderrLog(), randomSeed()]
  log.step(`${scenario.id}, ${lie?.name ?? 'honest'}: seed ${seed}`)
  let countLies = () => 0
  const through: Scenario = {
    ...scenario,
    skippedCheckers: {
      ...scenario.skippedCheckers,
      'write-ahead-log': 'the cluster serves further scenarios, so that no member is stopped',
    },
    adjustSpec: (spec) =>
      scenario.adjustSpec?.(smallest(scenario, spec)) ?? smallest(scenario, spec),
    route: async (cluster) => {
      const route = await startLyingProxies(cluster, lie)
      countLies = route.lies
      return route
    },
  }
  const { record, directory } = await runStandalone(through, { log, seed, clusters: pool.lend })
  removeUnlessFailed({ directory, seed, log })
  log.step(`${scenario.id}, ${lie?.name ?? 'honest'}: ${record.broken?.join(', ') ?? 'unbroken'}`)
  return { ...record, lieCount: countLies() }
}

/** One member without TLS, or three where the scenario does not apply to one. */
function smallest({ notApplicable }: Scenario, spec: ClusterSpec): ClusterSpec {
  const withoutTls: ClusterSpec = { ...spec, tls: { ...spec.tls, client: 'none', peer: 'none' } }
  const alone = { ...withoutTls, members: spec.members.slice(0, 1) }
  return notApplicable?.(alone) === undefined ? alone : withoutTls
}
