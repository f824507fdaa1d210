import type { Grant, LockTurns, Release } from './turns.ts'

/** Grants that overlap, directly or through others, so that any of them may be the earlier one. */
interface Cluster {
  readonly owners: Set<string>
  /** Event indexes of the first request and of the last answer. */
  from: number
  readonly until: number
}

/**
 * The first two grants in a row with no release between them, in any order that real time allows.
 * Each release takes a lock once. It lies between two grants when it was requested before the later
 * one's answer and had not completed before the earlier one's request.
 */
export function findUnreleased({
  grants,
  releases,
}: LockTurns): readonly [Grant, Grant] | undefined {
  const clusters = clusterGrants(grants)
  const left = groupByOwner(releases)
  for (const [at, later] of grants.entries()) {
    const [earlier, cluster, next] = [grants[at - 1], clusters[at - 1], clusters[at]]
    if (earlier === undefined || cluster === undefined || next === undefined) continue
    if (!takeRelease(left, cluster, next.until)) return [earlier, later]
  }
  return undefined
}

/** By grant: the cluster that it is in. Grants come in the order of their answers. */
function clusterGrants(grants: readonly Grant[]): readonly Cluster[] {
  const clusters: Cluster[] = []
  for (const { owner, operation } of grants.toReversed()) {
    const { invokeIndex: from, completeIndex: until } = operation
    const later = clusters.at(-1)
    const overlaps = later !== undefined && until > later.from
    const cluster = overlaps ? later : { owners: new Set<string>(), from, until }
    cluster.from = Math.min(cluster.from, from)
    cluster.owners.add(owner)
    clusters.push(cluster)
  }
  return clusters.reverse()
}

/** By owner, undefined = whoever holds the lock; those that complete first come first. */
function groupByOwner(releases: readonly Release[]): Map<string | undefined, Release[]> {
  const endOf = ({ operation }: Release) => Math.min(operation.completeIndex, Number.MAX_VALUE)
  const ascending = releases.toSorted((one, other) => endOf(one) - endOf(other))
  return Map.groupBy(ascending, ({ owner }) => owner)
}

/**
 * Takes a release that lies between: an owner's own before one that another owner may need, and the
 * one that completes first, which later grants can use least.
 */
function takeRelease(
  left: Map<string | undefined, Release[]>,
  { owners, from }: Cluster,
  until: number,
): boolean {
  for (const owner of [...owners, undefined]) {
    const own = left.get(owner) ?? []
    while ((own[0]?.operation.completeIndex ?? Infinity) <= from) own.shift()
    const at = own.findIndex(({ operation }) => operation.invokeIndex < until)
    if (at < 0) continue
    own.splice(at, 1)
    return true
  }
  return false
}
