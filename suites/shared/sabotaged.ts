import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import {
  clusterSpec,
  ensureToolbox,
  randomSeed,
  resolveImage,
  type Scenario,
  stderrLog,
} from '../../harness/index.ts'
import { conduct, type RunPlan, type ScenarioRecord } from '../../harness/vitest.ts'

/**
 * Conducts one scenario on a fresh default cluster, with a run directory of its own that is gone
 * afterwards: what is sabotaged here must not stand in anybody's report.
 */
export async function conductAside(scenario: Scenario): Promise<ScenarioRecord> {
  const directory = await mkdtemp(join(tmpdir(), 'gauntlet-canary-'))
  try {
    const plan = await planIn(directory)
    return await conduct(scenario, plan, { log: stderrLog(), signal: new AbortController().signal })
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function planIn(directory: string): Promise<RunPlan> {
  const log = stderrLog()
  const image = await resolveImage({ architecture: 'native', allowBuild: true, log })
  const { version, architecture, reference, emulated } = image
  return {
    runId: basename(directory),
    seed: randomSeed(),
    directory,
    depth: 'full',
    scenarios: [],
    spec: clusterSpec({ version, architecture }),
    etcd: { version, image: reference, architecture, emulated },
    machine: {
      cpus: cpus().length,
      memoryBytes: totalmem(),
      kernel: release(),
      engine: 'local',
      node: process.version,
    },
    toolboxImage: await ensureToolbox({ log }),
    timeScale: 1,
    objectives: {},
    capabilities: [],
    startedAt: new Date().toISOString(),
    command: 'npm test',
    options: '',
  }
}
