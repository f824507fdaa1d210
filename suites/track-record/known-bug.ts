import {
  type ClusterSpec,
  isSince,
  type KnownIssue,
  type Scenario,
  type Symptom,
  withoutTls,
} from '../../harness/index.ts'
import { clientsGone } from '../shared/stop-clients.ts'

/** A bug of etcd that its binaries were seen to have, and a scenario that shows it. */
export interface KnownBug {
  /** Ends the scenario's id and names its file: `issue-18089`. */
  readonly name: string
  /** Names of earlier releases. */
  readonly formerNames?: readonly string[]
  /** Such as `etcd-io/etcd#18089` or `CVE-2021-28235`. */
  readonly issue: string
  /** What an operator sees. */
  readonly summary: string
  /** The first version of each series without it; later series never had it. */
  readonly fixedIn: readonly string[]
  /** Versions of the catalogue that were seen with it; the first is the one tried in CI. */
  readonly shownOn: readonly [string, ...string[]]
  /** Versions of the catalogue that were seen without it; the first is the one tried in CI. */
  readonly cleanOn: readonly [string, ...string[]]
  /** CI's time is short: its test is for TRACK_RECORD_ALL alone. */
  readonly isLeftOutOfCi?: boolean
  /** What breaks where the bug shows, and nothing else may. */
  readonly symptom: Symptom
  readonly scenario: BugScenario
}

/** The rest of a scenario, which asserts what etcd promises and knows nothing of versions. */
export type BugScenario = Omit<Scenario, 'id' | 'depth' | 'workload' | 'faults' | 'knownIssue'> &
  Partial<Pick<Scenario, 'workload' | 'faults'>>

/** The scenario of a bug: held where it was fixed, known there where it was not. */
export function scenarioOf(bug: KnownBug): Scenario {
  return {
    workload: background,
    faults: [],
    ...bug.scenario,
    id: scenarioId(bug.name),
    formerIds: (bug.formerNames ?? []).map(scenarioId),
    depth: 'full',
    knownIssue: (spec) => knownIn(bug, spec),
  }
}

const scenarioId = (name: string) => `track-record/${name}`

function knownIn(
  { issue, summary, symptom, fixedIn }: KnownBug,
  spec: ClusterSpec,
): KnownIssue | undefined {
  if (isSince(spec.version, fixedIn)) return undefined
  return { issue, symptom, summary: `${summary}; fixed in ${fixedIn.join(' and ')}` }
}

/** So light that what a recipe does is not lost among it. */
const background: Scenario['workload'] = {
  ratePerS: 100,
  keys: 5,
  valueBytes: 16,
  mix: { put: 1, get: 1 },
  timeoutMs: 1_000,
}

/** Its first member alone. */
export const singleMember = (spec: ClusterSpec): ClusterSpec => ({
  ...spec,
  members: spec.members.slice(0, 1),
})

/** The same without TLS, where nobody is known by a certificate. */
export const singleMemberNoTls = (spec: ClusterSpec): ClusterSpec =>
  withoutTls.adjustSpec(singleMember(spec))

/** For a scenario that has to be alone with the cluster, and so does not end in a steady state. */
export const withoutClients = {
  faults: [clientsGone],
  ends: 'elsewhere',
  skippedCheckers: Object.fromEntries(
    ['durability', 'convergence'].map((checker) => [checker, 'nothing is read at the end']),
  ),
} as const satisfies Partial<BugScenario>
