import { setTimeout as delay } from 'node:timers/promises'
import { compact } from '../../client/kv.ts'
import { status } from '../../client/maintenance.ts'
import type { Member } from '../../cluster/types.ts'
import { type ChosenFailpoints, countChosen } from '../../faults/failpoints/choose-failpoint.ts'
import type { Fault } from '../../faults/fault.ts'
import { withOpenOptions } from '../../topology/option-names.ts'
import { resizeCluster } from '../../topology/presets.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { Drill, Scenario } from '../scenario.ts'
import type { LongScenario } from '../windows/conduct-windows.ts'
import { longestWindowMs } from '../windows/window-lengths.ts'
import type { ChaosPlan, ChaosStep } from './plan.ts'
import { faultsOf } from './possible-faults.ts'
import { settingsOf } from './versions.ts'

const compactTimeout = { timeoutMs: 1_000 }

/** The scenario of a plan. The same plan gives the same schedule, not the same interleaving. */
export function chaosScenario(plan: ChaosPlan, template: Scenario): Scenario {
  return {
    ...template,
    workload: plan.workload,
    faults: faultsOf(plan).filter(({ name }) => plan.steps.some(({ fault }) => fault === name)),
    lateWatchers: plan.lateWatchers,
    adjustSpec: (spec) => adaptSpec(spec, plan),
    settings: (spec) => settingsOf(spec, plan),
    attachments: { 'chaos-plan.json': plan },
    act: (drill) => runSchedule(drill, plan, firstPlace()),
  }
}

/** A chaos that is run in windows, and what each of them did of its schedule. */
export interface LongChaos extends LongScenario {
  /** The faults of a window, from 0, as a chaos of its own. */
  partOf(window: number): ChaosPlan
}

const membersGoOn = 'no member is stopped at the end of a window'

/** The same in windows: each goes on with the schedule where the last one stopped. */
export function longChaos(plan: ChaosPlan, template: Scenario): LongChaos {
  const skippedCheckers = { ...template.skippedCheckers, 'write-ahead-log': membersGoOn }
  const scenario = chaosScenario(plan, { ...template, skippedCheckers })
  const place = firstPlace()
  const starts: number[] = []
  return {
    scenario,
    durationMs: plan.durationMs,
    window: (durationMs) => {
      starts.push(place.next)
      // The whole plan lies in the scenario's directory, once.
      const act = (drill: Drill) => runSchedule(drill, { ...plan, durationMs }, place)
      return { ...scenario, attachments: {}, act }
    },
    partOf: (window) => ({
      ...plan,
      durationMs: Math.min(plan.durationMs, longestWindowMs),
      steps: plan.steps.slice(starts[window], starts[window + 1] ?? place.next),
    }),
  }
}

/** How far a schedule has come. */
interface SchedulePlace {
  next: number
  readonly chosen: ChosenFailpoints
}

const firstPlace = (): SchedulePlace => ({ next: 0, chosen: new Map() })

/**
 * The plan's options add to the user's and replace none. Members have the names of the plan, and in
 * their order the options that the user gave to single ones.
 */
function adaptSpec(spec: ClusterSpec, { members, options }: ChaosPlan): ClusterSpec {
  const resized = resizeCluster(withOpenOptions(spec, options), members)
  const named = resized.members.map((member, index) => ({ ...member, name: `m${index + 1}` }))
  return { ...resized, members: named }
}

async function runSchedule(drill: Drill, plan: ChaosPlan, place: SchedulePlace): Promise<void> {
  const stopping = new AbortController()
  const compacting = keepCompacting(drill, plan.compaction, stopping.signal)
  const untilNs = drill.nowNs() + plan.durationMs * 1e6
  let done = 0
  try {
    for (let leftMs = plan.durationMs; leftMs > 0; leftMs = (untilNs - drill.nowNs()) / 1e6) {
      const step = plan.steps[place.next]
      // Without a fault the workload alone runs as long as it would with the schedule.
      if (step === undefined) await drill.hold(leftMs)
      else {
        place.next++
        await runStep(drill, step, faultOf(plan, step, place.chosen))
        done++
      }
    }
  } finally {
    drill.measure('faults', done)
    if (plan.failpoints !== undefined) drill.measure('failpointsSet', countChosen(place.chosen))
    stopping.abort()
    drill.measure('compactions', await compacting)
  }
}

/** One fault, from a healthy cluster to a healthy cluster. */
async function runStep(drill: Drill, step: ChaosStep, fault: Fault): Promise<void> {
  const injected = await drill.inject(fault, await targetsOf(drill, step))
  await drill.hold(step.lengthMs)
  await injected.undo()
  await drill.untilSteady('after')
  await drill.hold(step.restMs)
}

function faultOf(plan: ChaosPlan, { fault }: ChaosStep, chosen: ChosenFailpoints): Fault {
  const found = faultsOf(plan, chosen).find(({ name }) => name === fault)
  if (found === undefined) throw new RangeError(`Expected a fault of the catalogue, got ${fault}`)
  return found
}

async function targetsOf({ cluster }: Drill, { targets }: ChaosStep): Promise<Member[]> {
  if (!targets.includes('leader')) return targets.map((name) => cluster.member(name))
  return [await cluster.leader()]
}

/** Resolves to the count of compactions. One that fails is not repeated: the next one covers it. */
async function keepCompacting(
  { cluster, client }: Drill,
  { everyMs, keep }: ChaosPlan['compaction'],
  signal: AbortSignal,
): Promise<number> {
  let [turn, compactions] = [0, 0]
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => {})
    const member = cluster.members[turn++ % cluster.members.length]
    if (signal.aborted || member === undefined) break
    try {
      const { revision } = await status(client(member), compactTimeout)
      if (revision <= keep) continue
      await compact(client(member), revision - keep, compactTimeout)
      compactions++
    } catch {}
  }
  return compactions
}
