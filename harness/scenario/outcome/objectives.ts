import type { Failure } from '../../run-record/evidence/observations.ts'
import type { ObjectiveResult } from '../../run-record/run-record.ts'
import { objectiveMeasures } from '../../run-record/scenario-plan.ts'
import type { Measures } from '../../run-record/schema/measures.ts'
import { traitsOf } from '../../topology/door.ts'
import { boundInstead, delaysOf, unboundMeasures } from '../../topology/door-bounds.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { Bounds } from '../measures/bounds.ts'
import type { RunPlan } from '../plan.ts'
import type { Objective, Scenario } from '../scenario.ts'
import { standardObjectives } from './standard-objectives.ts'

export interface PlannedObjectives {
  readonly objectives: readonly Objective[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waivedObjectives: readonly string[]
  /** Measures that no objective bounds behind the cluster's doors, with the reason. */
  readonly unboundObjectives?: Readonly<Record<string, string>>
}

/**
 * What bounds a scenario's measures in this run: its own objectives, then the standard ones for what it
 * does not bound. Durations are scaled to the machine; the user's bounds replace the scenario's and are
 * not scaled. How fast an emulated member should be is not known: such a floor binds only when the user
 * sets one.
 */
export function planObjectives(
  scenario: Pick<Scenario, 'objectives' | 'workload' | 'skippedCheckers' | 'faults'>,
  spec: ClusterSpec,
  plan: Pick<RunPlan, 'objectives' | 'timeScale' | 'etcd'>,
): PlannedObjectives {
  const own = scenario.objectives?.(spec) ?? []
  const isWatched = !Object.hasOwn(scenario.skippedCheckers ?? {}, 'watch')
  const standard = standardObjectives(scenario.workload, spec, isWatched).filter(
    ({ measure }) => !own.some((objective) => objective.measure === measure),
  )
  const wanted = [...own, ...standard]
  const unbound = unboundHere(wanted, spec, scenario, plan)
  const all = wanted
    .flatMap((objective) =>
      Object.hasOwn(unbound, objective.measure) ? instead(objective, spec, scenario) : [objective],
    )
    .map((objective) => withDelays(objective, spec, scenario))
  const bounds = all.map((objective) => withUsers(objective, plan))
  return {
    objectives: bounds.filter((objective) => objective !== undefined),
    waivedObjectives: all.flatMap(({ measure }, index) =>
      bounds[index] === undefined ? [measure] : [],
    ),
    ...noted({ ...unbound, ...untimedHere(spec, scenario) }),
  }
}

/** What is promised to clients of members alone; the user's own bounds stay. */
function unboundHere(
  wanted: readonly Objective[],
  spec: ClusterSpec,
  { faults }: Pick<Scenario, 'faults'>,
  { objectives }: Pick<RunPlan, 'objectives'>,
): Readonly<Record<string, string>> {
  const unbound = unboundMeasures(spec, faultsOfMembers(faults))
  const measures = wanted.map(({ measure }) => measure)
  const here = Object.entries(unbound).filter(
    ([measure]) => measures.some((one) => one === measure) && objectives[measure] === undefined,
  )
  return Object.fromEntries(
    here.map(([measure, reason]) => {
      const judged = boundInstead(spec, measure, faultsOfMembers(faults))
      return [measure, judged === undefined ? reason : `${reason}; ${judged} is judged instead`]
    }),
  )
}

/** Kinds of requests about leases that count to no budget and no median. */
function untimedHere(
  spec: ClusterSpec,
  { skippedCheckers = {} }: Pick<Scenario, 'skippedCheckers'>,
): Readonly<Record<string, string>> {
  return Object.hasOwn(skippedCheckers, 'lease') ? {} : (traitsOf(spec)?.untimed ?? {})
}

const noted = (unboundObjectives: Readonly<Record<string, string>>) =>
  Object.keys(unboundObjectives).length > 0 && { unboundObjectives }

const faultsOfMembers = (faults: Scenario['faults']) =>
  faults.filter(({ needs }) => needs.doors !== true)

/** Where a share of all requests waits in vain, the bound holds for the time in which none is served. */
function instead(
  objective: Objective,
  spec: ClusterSpec,
  { faults }: Pick<Scenario, 'faults'>,
): Objective[] {
  const name = boundInstead(spec, objective.measure, faultsOfMembers(faults))
  const measure = objectiveMeasures.find((one) => one === name)
  return measure === undefined ? [] : [{ ...objective, measure }]
}

/** A door finds a member gone later than a client that is connected to it. */
function withDelays(
  objective: Objective,
  spec: ClusterSpec,
  { faults, workload }: Pick<Scenario, 'faults' | 'workload'>,
): Objective {
  if (!('atMost' in objective)) return objective
  const delaying = { faults: faultsOfMembers(faults), deadlineMs: workload.timeoutMs }
  const delays = delaysOf(spec, objective.measure, delaying)
  return delays.reduce(({ atMost, from, ...rest }, { ms, why }) => {
    return { ...rest, atMost: atMost + ms, from: from === undefined ? why : `${from}; ${why}` }
  }, objective)
}

/** Undefined when it does not bind here. */
function withUsers(
  own: Objective,
  { objectives, timeScale, etcd }: Pick<RunPlan, 'objectives' | 'timeScale' | 'etcd'>,
): Objective | undefined {
  const { measure } = own
  const users = objectives[measure]
  const fromUser = { from: 'set by the user' }
  if ('atMost' in own) {
    if (users !== undefined) return { measure, atMost: users, ...fromUser }
    if (timeScale === 1 || !measure.endsWith('Ms')) return own
    const { from } = own
    const { lostVotes } = own
    return {
      measure,
      atMost: own.atMost * timeScale,
      ...(from !== undefined && { from: `${from}, × ${timeScale} for emulated members` }),
      ...(lostVotes && { lostVotes: { ...lostVotes, addMs: lostVotes.addMs * timeScale } }),
    }
  }
  if (users !== undefined) return { measure, atLeast: users, ...fromUser }
  return etcd.emulated ? undefined : own
}

export interface JudgedObjectives {
  readonly objectives: readonly ObjectiveResult[]
  /** Why those that could not be judged were not. */
  readonly doubts: readonly Failure[]
}

/**
 * Objectives against what was measured. Where the evidence leaves a measure open between two bounds, an
 * objective is met when both bounds meet it, missed when both miss it, and otherwise not judged.
 */
export function judgeObjectives(
  objectives: readonly Objective[],
  measures: Measures,
  bounds: Bounds,
): JudgedObjectives {
  const results: ObjectiveResult[] = []
  const doubts: Failure[] = []
  for (const planned of objectives) {
    const objective = withLostVotes(planned, measures)
    const measured = measures[objective.measure] ?? null
    const bound = Object.hasOwn(bounds, objective.measure) ? bounds[objective.measure] : undefined
    if (measured === null || bound === undefined) {
      results.push({ ...objective, measured, met: measured !== null && isMet(objective, measured) })
      continue
    }
    const { least, most } = bound
    const isOpen = isMet(objective, least) !== isMet(objective, most ?? Number.POSITIVE_INFINITY)
    const met = !isOpen && isMet(objective, least)
    results.push({ ...objective, measured: isOpen ? null : measured, met, least, most })
    if (isOpen) doubts.push({ outcome: 'inconclusive', reason: formatOpen(objective, bound) })
  }
  return { objectives: results, doubts }
}

/** An election of several votes takes longer, and the record says so. */
function withLostVotes(planned: Objective, { lostVotes }: Measures): Objective {
  if (!('atMost' in planned) || planned.lostVotes === undefined) return planned
  const { lostVotes: likely, ...objective } = planned
  // Where the logs do not say how many there were, each of them may have been.
  const counted = Math.min(lostVotes ?? likely.most, likely.most)
  if (counted === 0) return objective
  const noted = lostVotes == null ? 'up to ' : ''
  const votes = `${noted}${counted} lost ${counted === 1 ? 'vote' : 'votes'} of ${likely.addMs} ms`
  const from = objective.from === undefined ? votes : `${objective.from}, and ${votes}`
  return { ...objective, atMost: objective.atMost + counted * likely.addMs, from }
}

function isMet(objective: Objective, measured: number): boolean {
  return 'atMost' in objective ? measured <= objective.atMost : measured >= objective.atLeast
}

function formatOpen({ measure }: Objective, { least, most, why }: Bounds[string]): string {
  const range = most === null ? `${least} or more` : `between ${least} and ${most}`
  return `${measure} is ${range}: ${why}`
}
