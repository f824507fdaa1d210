import type { MemberSettings } from '../../cluster/member/settings.ts'
import type { ScenarioPlan } from '../../run-record/scenario-plan.ts'
import { compareSpecs } from '../../topology/compare-specs.ts'
import { traitsOf } from '../../topology/door.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { totalRatePerS } from '../../workload/workload.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { checkerNamesOf, skippedCheckersOf } from './checker-names.ts'
import { planObjectives } from './objectives.ts'
import { reproduceCommand, suiteOf } from './scenario-record.ts'

/** What the verdict on a scenario will use of the scenario and the run, as plain data. */
export function planEvidence(parts: {
  readonly scenario: Scenario
  readonly plan: RunPlan
  /** The cluster as the scenario has it. */
  readonly spec: ClusterSpec
  readonly startedAt: string
  /** Relative to the run directory. */
  readonly directory: string
}): ScenarioPlan {
  const { scenario, plan, spec, startedAt, directory } = parts
  const { id, title, knownIssue } = scenario
  const { knownIssues = [] } = traitsOf(spec) ?? {}
  const adjusted = compareSpecs(plan.spec, withMemberOptions(spec, scenario.settings?.(spec)))
  return {
    format: 'gauntlet-scenario-plan/1',
    id,
    suite: suiteOf(id),
    title,
    seed: plan.seed,
    startedAt,
    spec,
    ...(adjusted.length > 0 && { adjusted }),
    emulated: plan.etcd.emulated,
    timeScale: plan.timeScale,
    ...(scenario.ends === 'elsewhere' && { endsElsewhere: true }),
    plannedRatePerS: totalRatePerS(scenario.workload),
    requestTimeoutMs: scenario.workload.timeoutMs * plan.timeScale,
    checkers: checkerNamesOf(scenario, spec),
    skippedCheckers: skippedCheckersOf(scenario, spec),
    ...planObjectives(scenario, spec, plan),
    ...(knownIssue && { knownIssue }),
    ...(knownIssues.length > 0 && { doorIssues: [...knownIssues] }),
    ...(plan.upgradeTo && { upgradeTo: plan.upgradeTo.map(({ version }) => version) }),
    directory,
    reproduce: reproduceCommand(id, plan),
  }
}

/** The cluster with what the scenario sets in single members; null leaves an option out. */
function withMemberOptions(
  spec: ClusterSpec,
  settings: Readonly<Record<string, MemberSettings>> = {},
): ClusterSpec {
  const members = spec.members.map((member) => {
    const { options, environment, version } = settings[member.name] ?? {}
    const own = Object.entries({ ...environment, ...options, ...(version && { version }) })
    if (own.length === 0) return member
    const set = own.map(([name, value]) => [name, value ?? 'left out'])
    return { ...member, options: { ...member.options, ...Object.fromEntries(set) } }
  })
  return { ...spec, members }
}
