import { type ClusterSpec, featuresOf, type UpgradedRun } from '../../harness/index.ts'
import { needsOtherSeries, needsTarget } from '../shared/upgrade-target.ts'

/** Why a scenario whose members run two versions at once does not apply: a single member cannot. */
export function needsMixedCluster(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  if (spec.members.length >= 3) return needsTarget(spec, run)
  return `a cluster of ${spec.members.length} cannot run two versions and keep a majority`
}

/** The same of one that downgrades the cluster to the version that it started with. */
export function needsDowngrade(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  const [target] = run.upgradeTo ?? []
  if (target === undefined) return needsTarget(spec, run)
  if (!featuresOf(target.version).has('downgrade')) return `etcd ${target.version} has no downgrade`
  return needsOtherSeries(spec, run)
}
