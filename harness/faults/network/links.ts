import type { Cluster, Member } from '../../cluster/types.ts'

/** What one member sends to another. */
export interface Link {
  readonly from: Member
  readonly to: Member
}

export type LinksOf = (cluster: Cluster, targets: readonly Member[]) => readonly Link[]

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

/** By the member that a link ends or starts at. */
export function groupBy(links: readonly Link[], end: keyof Link): Map<Member, readonly Link[]> {
  return Map.groupBy(links, (link) => link[end])
}
