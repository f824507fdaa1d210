import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cve202128235 } from '../../../suites/track-record/cve-2021-28235.ts'
import { scenarioOf } from '../../../suites/track-record/known-bug.ts'
import { stderrLog } from '../../core/log.ts'
import { kill } from '../../faults/index.ts'
import { type Lie, lies, startLyingProxies } from '../../lying-proxy/lies.ts'
import { replaceJson } from '../../run-record/files.ts'
import { refreshRun, saveScenario } from '../../run-record/run-directory.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { chaosScenario } from '../chaos/chaos-scenario.ts'
import { runStandalone } from '../run-standalone.ts'
import type { Scenario } from '../scenario.ts'

// `npx node harness/scenario/testing/save-runs.ts` makes the runs in fixtures/runs/ again, on an engine.

const workload: Scenario['workload'] = {
  ratePerS: 40,
  keys: 4,
  valueBytes: 16,
  mix: { put: 3, get: 3, 'serializable-get': 1 },
  timeoutMs: 1_000,
}
const common = { depth: 'ci', workload, faults: [] } as const
const alone = (spec: ClusterSpec) => ({ ...spec, members: spec.members.slice(0, 1) })
const interruption = new AbortController()

const held: Scenario = {
  ...common,
  id: 'saved/held',
  title: 'A killed follower rejoins and no acknowledged write is lost',
  faults: [kill],
  workload: { ...workload, programs: [{ name: 'leases', ratePerS: 10, clients: 2 }] },
  objectives: () => [{ measure: 'writeOutageMs', atMost: 10_000 }],
  act: async (drill) => {
    const leader = await drill.cluster.leader(10_000)
    const follower = drill.cluster.members.find(({ name }) => name !== leader.name)
    if (follower === undefined) throw new Error('Expected a follower, got none')
    const injected = await drill.inject(kill, [follower])
    await drill.hold(1_000)
    await injected.undo()
  },
}

const staleValue = lies.find(({ name }) => name === 'stale-value') as Lie

const broken: Scenario = {
  ...common,
  id: 'saved/broken',
  title: 'A proxy that answers reads with older values is detected',
  adjustSpec: alone,
  route: (cluster) => startLyingProxies(cluster, staleValue),
  act: async (drill) => {
    drill.expect('promise-of-a-fixture', 'the proxy to be honest', false, 'a lie')
    await drill.hold(3_000)
  },
}

const inconclusive: Scenario = {
  ...common,
  id: 'saved/inconclusive',
  title: 'An interrupted scenario is inconclusive',
  adjustSpec: alone,
  act: async (drill) => {
    interruption.abort()
    await drill.hold(1_000)
  },
}

const chaos = chaosScenario(
  {
    seed: 1,
    durationMs: 4_000,
    members: 1,
    options: { 'snapshot-count': '100' },
    workload,
    compaction: { everyMs: 1_000, keep: 20 },
    lateWatchers: { everyMs: 1_000 },
    steps: [
      { fault: 'kill', targets: ['m1'], lengthMs: 300, restMs: 500 },
      { fault: 'pause', targets: ['leader'], lengthMs: 300, restMs: 500 },
    ],
  },
  { ...common, id: 'saved/chaos', title: 'Every guarantee holds under random faults', act: pass },
)

const inapplicable: Scenario = {
  ...common,
  id: 'saved/not-applicable',
  title: 'A scenario of another version does not apply',
  notApplicable: () => 'this version does not have what it asserts',
  act: pass,
}

async function pass(): Promise<void> {}

async function saveRun(
  name: string,
  scenarios: readonly Scenario[],
  version: string,
): Promise<void> {
  const target = join(import.meta.dirname, '../../../fixtures/runs', name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const records: ScenarioRecord[] = []
  for (const scenario of scenarios) {
    const signal = scenario === inconclusive ? interruption.signal : new AbortController().signal
    const options = { log: stderrLog(), version, signal, shrinks: false }
    const { record, directory } = await runStandalone(scenario, options)
    if (record.members.length > 0) {
      cpSync(join(directory, 'scenarios'), join(target, 'scenarios'), { recursive: true })
    }
    rmSync(directory, { recursive: true })
    saveScenario(target, record)
    records.push(record)
  }
  const [first] = records as [ScenarioRecord]
  const plan = {
    runId: `20260131T114502Z-${name}`,
    seed: first.seed,
    startedAt: first.startedAt,
    command: 'node harness/scenario/testing/save-runs.ts',
    etcd: { version, image: `etcd:${version}`, architecture: 'amd64', emulated: false },
    spec: clusterSpec({ version, architecture: 'amd64' }),
    machine: { cpus: 2, memoryBytes: 4e9, kernel: 'linux', engine: 'docker', node: 'v24' },
    capabilities: [],
    scenarios: scenarios.map(({ id, title }) => ({ id, title })),
  }
  replaceJson(join(target, 'plan.json'), plan)
  refreshRun(target, { endedAt: new Date().toISOString() })
}

await saveRun('one-of-each', [held, broken, inconclusive, chaos, inapplicable], '3.5.16')
await saveRun('known-issue', [scenarioOf(cve202128235)], '3.4.23')
