import { type ClusterSpec, type Scenario, type Symptom, withoutTls } from '../../harness/index.ts'
import { atMembers } from '../shared/at-members.ts'

/** A bug that binaries of etcd showed, and a scenario that shows it. */
export interface KnownBug {
  /** The end of the scenario's id and the name of its file: `issue-18089`. */
  readonly name: string
  /** Names of earlier releases. */
  readonly formerNames?: readonly string[]
  /** Such as `etcd-io/etcd#18089` or `CVE-2021-28235`. */
  readonly issue: string
  /** What an operator sees. */
  readonly summary: string
  /** The first version of each series with it; absent = it was always there. */
  readonly since?: readonly string[]
  /** The first version of each series without it; later series never had it. */
  readonly fixedIn: readonly string[]
  /** Versions of the catalogue that showed it; CI tries the first. */
  readonly shownOn: readonly [string, ...string[]]
  /** Versions of the catalogue that did not show it; CI tries the first. Empty: it has none of them. */
  readonly cleanOn: readonly string[]
  /** Whether only TRACK_RECORD_ALL runs its test, because CI's time is short. */
  readonly isLeftOutOfCi?: boolean
  /** What breaks where the bug shows, and nothing else may. */
  readonly symptom: Symptom
  readonly scenario: BugScenario
}

/** The rest of the scenario, which asserts etcd's promises and is the same for every version. */
export type BugScenario = Omit<Scenario, 'id' | 'depth' | 'workload' | 'faults' | 'knownIssue'> &
  Partial<Pick<Scenario, 'workload' | 'faults'>>

/** The scenario of a bug: it holds on fixed versions and is a known issue on others. */
export function scenarioOf(bug: KnownBug): Scenario {
  const { issue, summary, symptom, since, fixedIn } = bug
  return {
    workload: background,
    faults: [],
    skippedCheckers: showsOneBug,
    behindDoors: atMembers('it shows a bug of members to clients that are connected to them'),
    ...bug.scenario,
    id: scenarioId(bug.name),
    formerIds: (bug.formerNames ?? []).map(scenarioId),
    depth: 'full',
    knownIssue: {
      issue,
      summary,
      symptom,
      versions: { ...(since && { since: [...since] }), fixedIn: [...fixedIn] },
    },
  }
}

const scenarioId = (name: string) => `track-record/${name}`

/** Light, so that the scenario's own requests stand out. */
const background: Scenario['workload'] = {
  ratePerS: 100,
  keys: 5,
  valueBytes: 16,
  mix: { put: 1, get: 1 },
  timeoutMs: 1_000,
}

/** Watchers and logs could show other bugs of an old version, which the symptom does not name. */
const oneBug = 'the scenario shows one bug of this version and no other'
const showsOneBug = { watch: oneBug, 'write-ahead-log': oneBug }

/** A cluster of its first member. */
export const singleMember = (spec: ClusterSpec): ClusterSpec => ({
  ...spec,
  members: spec.members.slice(0, 1),
})

/** The same without TLS, where no certificate names a user. */
export const singleMemberNoTls = (spec: ClusterSpec): ClusterSpec =>
  withoutTls.adjustSpec(singleMember(spec))

/** For a scenario that ends the workload, and so does not end in a steady state. */
export const withoutClients = {
  faults: [],
  ends: 'elsewhere',
  skippedCheckers: {
    ...showsOneBug,
    durability: 'the scenario reads no final state',
    convergence: 'the scenario reads no final state',
  },
} as const satisfies Partial<BugScenario>
