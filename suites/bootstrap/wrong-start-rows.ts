import {
  type ClusterSpec,
  type Drill,
  type Member,
  peerUrl,
  type Scenario,
} from '../../harness/index.ts'

export const newcomer = 'm9'

/** How a newcomer is started beside a serving cluster, and what etcd says to it. */
export interface WrongStart {
  readonly name: string
  /** Completes "A newcomer …". */
  readonly title: string
  readonly depth: Scenario['depth']
  /** Whether it is in the member list when it starts. */
  readonly isAdded?: true
  readonly start: (place: Place) => Parameters<Drill['cluster']['startMember']>[0]
  /** What happens to its process; `waits`: it runs, and serves nobody. */
  readonly ends: 'exits' | 'waits'
  /** etcd's own reason, which the newcomer or another member logs. */
  readonly reason: RegExp
  /** How an operator mends it; the newcomer is healthy then. */
  readonly mend?: (member: Member) => Promise<void>
}

export interface Place {
  readonly spec: ClusterSpec
  /** Of the newcomer, on the cluster's network. */
  readonly address: string
  /** Member name → address, with the newcomer. */
  readonly initialCluster: Readonly<Record<string, string>>
  /** In the member list, where it was added. */
  readonly id: string
}

/** What operators get wrong, and what etcd says to each. */
export const rows: readonly WrongStart[] = [
  {
    name: 'name-not-listed',
    title: 'whose name its initial cluster lacks exits and says so',
    depth: 'ci',
    start: ({ initialCluster: { [newcomer]: _, ...others } }) => ({
      name: newcomer,
      initialCluster: others,
    }),
    ends: 'exits',
    reason: /couldn't find local name/,
  },
  {
    name: 'localhost-advertised',
    title:
      'that advertises 127.0.0.1 to its peers exits, because its initial cluster has another address',
    depth: 'ci',
    start: ({ spec, initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'new',
      // etcd takes http://localhost:2380, its default, for unset, and advertises the host's address.
      options: { 'initial-advertise-peer-urls': peerUrl(spec, '127.0.0.1') },
    }),
    ends: 'exits',
    reason: /has .* but missing from|advertise-peer-urls.*(missing|mismatch)|do not match/,
  },
  {
    name: 'not-added',
    title: 'that was never added to the cluster exits, because the counts of members differ',
    depth: 'ci',
    start: ({ initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'existing',
    }),
    ends: 'exits',
    reason: /member count is unequal/,
  },
  {
    name: 'added-started-as-new',
    title:
      'that was added but starts as of a new cluster is kept out until it starts as of this one',
    depth: 'ci',
    isAdded: true,
    start: ({ initialCluster }) => ({ name: newcomer, initialCluster, initialClusterState: 'new' }),
    ends: 'waits',
    reason: /cluster ID mismatch/,
    mend: (member) => member.recreate({ initialClusterState: 'existing', wipeData: true }),
  },
  {
    name: 'other-token',
    title: 'with the token of another cluster is kept out',
    depth: 'full',
    start: ({ spec, initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'new',
      options: { 'initial-cluster-token': `not-${spec.name}` },
    }),
    ends: 'waits',
    reason: /cluster ID mismatch/,
  },
]
