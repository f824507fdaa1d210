import { basename, join } from 'node:path'
import { digestFile } from '../../run-record/evidence/files.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import type { Shrinking } from '../../run-record/evidence/shrinking.ts'
import { replaceJson } from '../../run-record/files.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { isUnsynced } from '../applicability/missing-needs.ts'
import { type ConductOptions, conduct } from '../conduct.ts'
import { formatShrinking, withShrinking } from '../outcome/shrinking.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { conductWindows } from '../windows/conduct-windows.ts'
import { isLong } from '../windows/window-lengths.ts'
import { chaosScenario, longChaos } from './chaos-scenario.ts'
import { chaosDurationMs } from './duration.ts'
import type { ChaosPlan } from './plan.ts'
import { planChaos } from './plan-chaos.ts'
import { type ShrinkLimits, shrink } from './shrink.ts'

const mostShrinkRuns = 8

/**
 * The chaos that a run's seed plans, for the run's duration. A scenario that names programs keeps
 * them.
 */
function chaosOf(run: RunPlan, { workload }: Pick<Scenario, 'workload'>): ChaosPlan {
  const { programs } = workload
  const [target] = run.upgradeTo ?? []
  const planned = planChaos({
    seed: run.seed,
    durationMs: chaosDurationMs(run),
    version: run.spec.version,
    ...(target && { upgradeTo: { image: target.image, version: target.version } }),
    capabilities: run.capabilities.flatMap(({ name, available }) => (available ? [name] : [])),
    unsynced: isUnsynced(run.spec),
    // Of another binary they may be others, or none.
    ...(target === undefined && run.failpoints && { failpoints: run.failpoints }),
  })
  return programs === undefined
    ? planned
    : { ...planned, workload: { ...planned.workload, programs } }
}

/**
 * Conducts a scenario; a chaos follows the schedule that the run's seed plans. Parts of a chaos that
 * comes out broken run again, each in a directory of its own under the scenario's. The record stays
 * broken, and its reason names the smallest schedule that broke one of the same ids.
 */
export async function runAndShrink(
  scenario: Scenario,
  run: RunPlan,
  options: ConductOptions,
): Promise<ScenarioRecord> {
  const { record, chaos } = await conductChaos(scenario, run, options)
  if (chaos === undefined || record.outcome !== 'broken') return record
  const untilMs = performance.now() + 2 * chaos.durationMs + 60_000
  const limits = { mostRuns: mostShrinkRuns, untilMs }
  const shrinking = await shrinkChaos({ scenario, chaos, run, record, limits }, options)
  options.log.warn(formatShrinking(shrinking))
  return saveShrinking(record, join(run.directory, record.directory), shrinking)
}

/** The same, but a chaos that comes out broken is not shrunk. */
export async function conductOnce(
  scenario: Scenario,
  run: RunPlan,
  options: ConductOptions,
): Promise<ScenarioRecord> {
  return (await conductChaos(scenario, run, options)).record
}

interface ConductedChaos {
  readonly record: ScenarioRecord
  /** What may have broken a guarantee: of a long chaos the part that its first broken window ran. */
  readonly chaos?: ChaosPlan
}

async function conductChaos(
  scenario: Scenario,
  run: RunPlan,
  options: ConductOptions,
): Promise<ConductedChaos> {
  if (scenario.chaos !== true) return { record: await conduct(scenario, run, options) }
  const chaos = chaosOf(run, scenario)
  if (!isLong(chaos.durationMs)) {
    return { record: await conduct(chaosScenario(chaos, scenario), run, options), chaos }
  }
  const long = longChaos(chaos, scenario)
  const record = await conductWindows(long, run, options)
  const broken = record.windows?.findIndex(({ outcome }) => outcome === 'broken') ?? -1
  return { record, chaos: long.partOf(Math.max(broken, 0)) }
}

async function shrinkChaos(
  parts: {
    readonly scenario: Scenario
    readonly chaos: ChaosPlan
    readonly run: RunPlan
    readonly record: ScenarioRecord
    readonly limits: ShrinkLimits
  },
  options: ConductOptions,
): Promise<Shrinking> {
  const { scenario, chaos, run, record, limits } = parts
  let count = 0
  const { items, runs, exhausted } = await shrink(
    chaos.steps,
    async (steps) => {
      if (options.signal.aborted) return false
      options.log.step(`broken: again with ${steps.length} of ${chaos.steps.length} faults`)
      const directory = join(run.directory, record.directory, 'shrink', String(++count))
      const part = chaosScenario({ ...chaos, steps }, scenario)
      return isSameFailure(record, await conduct(part, { ...run, directory }, options))
    },
    limits,
  )
  const steps = items.map(({ fault, targets, lengthMs }) => ({ fault, targets, lengthMs }))
  return { format: 'gauntlet-shrinking/1', steps, runs, exhausted }
}

/** Whether a part broke something that the whole chaos broke: another failure explains nothing. */
export function isSameFailure(whole: Failing, part: Failing): boolean {
  return part.outcome === 'broken' && (part.broken ?? []).some((id) => whole.broken?.includes(id))
}

type Failing = Pick<ScenarioRecord, 'outcome' | 'broken'>

/** The result is evidence: judging the directory again gives the same reason. */
async function saveShrinking(
  record: ScenarioRecord,
  directory: string,
  shrinking: Shrinking,
): Promise<ScenarioRecord> {
  const { shrinking: file } = evidencePaths(directory)
  replaceJson(file, shrinking)
  const digests = { ...record.evidenceSha256, [basename(file)]: await digestFile(file) }
  return withShrinking({ ...record, evidenceSha256: digests }, shrinking)
}
