import { afterAll, test } from 'vitest'
import type { ClusterPlan } from '../cluster/plan.ts'
import { type Log, stderrLog } from '../core/log.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { planCluster } from './clusters/plan-cluster.ts'
import { openClusterAhead } from './clusters/start-ahead.ts'
import { interruptSignal } from './interrupt.ts'
import { tooLateRecord } from './outcome/scenario-record.ts'
import { loadPlan, type RunPlan } from './plan.ts'
import { runAndRecord } from './run-and-record.ts'
import type { Scenario } from './scenario.ts'
import { ScenarioFailure } from './scenario-failure.ts'

/**
 * Defines a vitest test for each scenario that the run's plan names, in the list's order. The cluster
 * of the next one starts while the last one is judged.
 */
export function describeSuite(scenarios: readonly Scenario[]): void {
  const plan = loadPlan()
  const signal = interruptSignal()
  const log = stderrLog()
  const ahead = openClusterAhead()
  afterAll(() => ahead[Symbol.asyncDispose]())
  const plannedOf = (scenario: Scenario) => plan.scenarios.find(({ id }) => id === scenario.id)
  const startNext = (after: Scenario) => {
    // A chaos that breaks runs again in parts.
    if (signal.aborted || after.chaos === true) return
    const later = scenarios.slice(scenarios.indexOf(after) + 1).filter((one) => {
      const planned = plannedOf(one)
      return planned !== undefined && planned.skip === undefined
    })
    const cluster = nextCluster(later, plan, log)
    if (cluster !== undefined) ahead.start(cluster)
  }
  for (const scenario of scenarios) {
    const planned = plannedOf(scenario)
    if (planned === undefined) continue
    const name = `${scenario.id}: ${scenario.title}`
    test.skipIf(planned.skip !== undefined)(name, async ({ skip }) => {
      if (signal.aborted) skip('the run was interrupted')
      if (planned.beginBy !== undefined && new Date().toISOString() > planned.beginBy) {
        const late = tooLateRecord(planned, plan)
        saveScenario(plan.directory, late)
        skip(late.reason)
      }
      const record = await runAndRecord(scenario, plan, {
        log,
        signal,
        clusters: ahead.lend,
        onDrillOver: () => startNext(scenario),
      })
      if (record.outcome === 'not-applicable') skip(record.reason)
      if (!isGood(record)) throw new ScenarioFailure(record)
    })
  }
}

function isGood(record: ScenarioRecord): boolean {
  return record.outcome === 'held' || record.outcome === 'known-issue'
}

/**
 * The first that these scenarios start; none before a chaos, beside which it would stand idle. A
 * scenario whose cluster cannot be planned says so when its turn comes.
 */
function nextCluster(later: readonly Scenario[], plan: RunPlan, log: Log): ClusterPlan | undefined {
  for (const scenario of later) {
    if (scenario.chaos === true) return undefined
    try {
      const cluster = planCluster(scenario, plan, log)
      if (cluster !== undefined) return cluster
    } catch {
      return undefined
    }
  }
  return undefined
}
