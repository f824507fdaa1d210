import { type ClusterSpec, featuresOf, type UpgradedRun } from '../../harness/index.ts'

/** Why a scenario that needs another etcd does not apply; undefined when it does. */
export function needsTarget(
  _spec: ClusterSpec,
  { upgradeTo = [] }: UpgradedRun,
): string | undefined {
  return upgradeTo.length > 0 ? undefined : 'the run names no etcd to upgrade to: `--upgrade-to`'
}

/** The same of one whose members run two versions at once: a single member cannot. */
export function needsMixedCluster(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  if (spec.members.length >= 3) return needsTarget(spec, run)
  return `a cluster of ${spec.members.length} cannot run two versions and keep a majority`
}

/** The same of one that downgrades the cluster to the version that it started with. */
export function needsDowngrade(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  const [target] = run.upgradeTo ?? []
  if (target === undefined) return needsTarget(spec, run)
  if (!featuresOf(target.version).has('downgrade')) return `etcd ${target.version} has no downgrade`
  const [from, to] = [spec.version, target.version].map((version) => featuresOf(version).series)
  return from === to ? `etcd ${spec.version} and ${target.version} are of one series` : undefined
}
