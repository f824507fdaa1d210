import { afterAll, expect, test } from 'vitest'
import {
  type Cluster,
  type ClusterSpec,
  type Lie,
  lies,
  randomSeed,
  runStandalone,
  type Scenario,
  startLyingProxies,
  stderrLog,
} from '../../../harness/index.ts'
import {
  type ClusterPool,
  openClusterPool,
} from '../../../harness/scenario/testing/cluster-pool.ts'
import { removeUnlessFailed } from '../../../harness/scenario/testing/remove-unless-failed.ts'

const log = stderrLog()

/**
 * A server that lies shows some state never, and a drill waits for it to its deadline. The honest
 * proxy has the same: it shows that such a cluster needs no more.
 */
const patience = 0.2

/**
 * Requests per second at most: each goes through a proxy of ours, beside another test and its cluster, and
 * a lie reaches few clients as well as many.
 */
const mostPerS = 150

/** How often each lie is tried: a nightly run finds a lie that is detected only sometimes. */
const times = Number(process.env.LIES_TIMES ?? 1)

/**
 * Makes a test of every lie that one of these scenarios is to detect: with a proxy that lies, its
 * record is broken, by the expected id where it always lies. Before them, each of the scenarios holds
 * with a proxy that does not lie. The clusters are small, without TLS, and shared. With `timed` the lies
 * are those that only times show, otherwise all others.
 */
export function describeLies(
  scenarios: readonly Scenario[],
  { timed = false }: { readonly timed?: boolean } = {},
): void {
  const pool = openClusterPool()
  afterAll(() => pool[Symbol.asyncDispose]())
  const chosen = lies.filter(({ isTimed = false }) => isTimed === timed)
  const rows = chosen.flatMap((lie) => {
    const { scenario: wanted, members = 1, id: by } = lie.detection
    const scenario = scenarios.find(({ id }) => id === wanted)
    return scenario === undefined
      ? []
      : [{ name: lie.name, lie, by, ...onSmall(scenario, members) }]
  })
  const places = [...new Map(rows.map((row) => [`${row.id} ${row.members}`, row])).values()]
  test.each(repeat(places))('$id holds with an honest proxy', async ({ scenario }) => {
    const { outcome, broken, reason, lieCount } = await conductThroughProxies(scenario, pool)
    expect(lieCount).toBe(0)
    expect([outcome, broken], reason).toEqual(['held', undefined])
  })
  test.each(repeat(rows))('$id detects $name', async ({ scenario, lie, by }) => {
    const found = await conductThroughProxies(scenario, pool, lie)
    const { outcome, broken = [], reason, lieCount } = found
    expect(lieCount).toBeGreaterThan(0)
    const seen = `${outcome} by ${broken.join(', ') || 'nothing'}: ${reason}`
    expect(outcome, seen).toBe('broken')
    // A rare one may break another promise of the scenario before that one.
    if (lie.every === 1) expect(broken, seen).toContain(by)
    else log.step(`${lie.name}: ${broken.includes(by) ? 'by' : 'not by'} ${by}`)
  })
}

const repeat = <T>(all: readonly T[]): T[] => Array.from({ length: times }, () => all).flat()

/** The scenario on that number of members, without TLS. */
function onSmall(scenario: Scenario, members: number) {
  const shrink = (spec: ClusterSpec): ClusterSpec => ({
    ...spec,
    members: spec.members.slice(0, members),
    tls: { ...spec.tls, client: 'none', peer: 'none' },
  })
  const adjustSpec = (spec: ClusterSpec) => scenario.adjustSpec?.(shrink(spec)) ?? shrink(spec)
  const skippedCheckers = {
    ...scenario.skippedCheckers,
    'write-ahead-log': 'the cluster serves further scenarios, so that no member is stopped',
  }
  const workload = {
    ...scenario.workload,
    ratePerS: Math.min(scenario.workload.ratePerS, mostPerS),
  }
  const onSmaller = { ...scenario, adjustSpec, skippedCheckers, workload }
  return { id: scenario.id, members, scenario: onSmaller }
}

/** The scenario, which ends in the first step in which this promise is broken. */
function untilBroken(scenario: Scenario, id: string): Scenario {
  return {
    ...scenario,
    act: (drill) => {
      const expect: typeof drill.expect = (promise, sentence, held, found) => {
        drill.expect(promise, sentence, held, found)
        if (held || promise !== id) return
        throw new Error(`${id} is broken: the rest of the drill would show no more`)
      }
      return scenario.act({ ...drill, expect })
    },
  }
}

async function conductThroughProxies(scenario: Scenario, pool: ClusterPool, lie?: Lie) {
  const seed = randomSeed()
  const what = `${scenario.id}, ${lie?.name ?? 'honest'}`
  log.step(`${what}: seed ${seed}`)
  let countLies = () => 0
  const route = async (cluster: Cluster) => {
    const proxies = await startLyingProxies(cluster, lie)
    countLies = proxies.lies
    return proxies
  }
  const options = { log, seed, clusters: pool.lend, patience }
  const lied = lie === undefined ? scenario : untilBroken(scenario, lie.detection.id)
  const { record, directory } = await runStandalone({ ...lied, route }, options)
  removeUnlessFailed({ directory, seed, log })
  log.step(`${what}: ${record.broken?.join(', ') ?? 'unbroken'}`)
  return { ...record, lieCount: countLies() }
}
