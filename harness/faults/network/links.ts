import type { Cluster, Member } from '../../cluster/types.ts'

/** A member, or a door: whatever has a place on the cluster's network. */
export type Node = Pick<Member, 'name' | 'address' | 'inNetwork' | 'isRunning'>

/** What one sends to another. */
export interface Link<N = Member> {
  readonly from: N
  readonly to: N
}

export type LinksOf<N = Member, T = N> = (
  cluster: Cluster,
  targets: readonly T[],
) => readonly Link<N>[]

/** From every target to every other member; when all are targets, from each to each. */
export function outgoing(cluster: Cluster, targets: readonly Member[]): Link[] {
  const areAll = targets.length === cluster.members.length
  return targets.flatMap((from) =>
    cluster.members
      .filter((to) => (areAll ? to !== from : !targets.includes(to)))
      .map((to) => ({ from, to })),
  )
}

/** From every other member to every target. */
export function incoming(cluster: Cluster, targets: readonly Member[]): Link[] {
  return reversed(outgoing(cluster, targets))
}

function reversed(links: readonly Link[]): Link[] {
  return links.map(({ from, to }) => ({ from: to, to: from }))
}

export function bothWays(cluster: Cluster, targets: readonly Member[]): Link[] {
  const links = outgoing(cluster, targets)
  return targets.length === cluster.members.length ? links : [...links, ...reversed(links)]
}

/** By where a link ends or starts. */
export function groupBy<N>(links: readonly Link<N>[], end: keyof Link): Map<N, readonly Link<N>[]> {
  return Map.groupBy(links, (link) => link[end])
}
