import { type ClusterSpec, featuresOf, type UpgradedRun } from '../../harness/index.ts'

/** Why a scenario that needs another etcd does not apply; undefined when it does. */
export function needsTarget(
  _spec: ClusterSpec,
  { upgradeTo = [] }: UpgradedRun,
): string | undefined {
  return upgradeTo.length > 0 ? undefined : 'the run names no etcd to upgrade to: `--upgrade-to`'
}

/** The same of one whose two versions must be of different series. */
export function needsOtherSeries(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  const [target] = run.upgradeTo ?? []
  if (target === undefined) return needsTarget(spec, run)
  const [from, to] = [spec.version, target.version].map((version) => featuresOf(version).series)
  return from === to ? `etcd ${spec.version} and ${target.version} are of one series` : undefined
}
