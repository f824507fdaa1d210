import {
  type ClusterSpec,
  type Drill,
  featuresOf,
  type Scenario,
  workloads,
} from '../../../harness/index.ts'
import { untilDataIsOf } from '../../shared/etcd/cluster-version.ts'
import { expectExit } from '../../shared/member-exit.ts'
import { withinOneElection } from '../../shared/objectives.ts'
import { ageCluster, agingFaults, verifyingMembers, withEarlySnapshots } from '../aging.ts'
import { needsDowngrade, needsMixedCluster } from '../applicability.ts'
import { changeVersion, rollTo } from '../steps.ts'
import { downgrade, expectDowngradeAccepted, olderBinaryReason, seriesBeside } from './command.ts'

export const downgrades: readonly Scenario[] = [
  {
    id: 'upgrade/downgraded',
    title: 'A cluster that is downgraded to the version before loses no acknowledged write',
    depth: 'ci',
    notApplicable: needsDowngrade,
    adjustSpec: withEarlySnapshots,
    settings: verifyingMembers,
    workload: workloads.steady,
    faults: agingFaults,
    objectives: withinOneElection,
    act: thereAndBack,
  },
  {
    id: 'upgrade/older-binary-rejected',
    title:
      'A member that starts as an older version without a downgrade exits, and clients are served',
    depth: 'full',
    notApplicable: needsMixedCluster,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: 'the member that must not start exits with a fatal line or a panic' },
    act: startOlderBinary,
  },
  {
    id: 'upgrade/downgrade-rejected',
    title: 'etcd rejects every downgrade but the one to the version before, and takes it back',
    depth: 'full',
    notApplicable: needsDowngradeCommand,
    workload: workloads.steady,
    faults: [],
    act: tryEveryDowngrade,
  },
]

function needsDowngradeCommand({ version }: ClusterSpec): string | undefined {
  return featuresOf(version).has('downgrade') ? undefined : `etcd ${version} has no downgrade`
}

/** https://etcd.io/docs/v3.6/downgrades/: enabled first, then the members in turn. */
async function thereAndBack(drill: Drill): Promise<void> {
  await ageCluster(drill)
  const { etcd: former, upgradeTo } = drill
  const [target] = upgradeTo
  if (target === undefined) return
  await rollTo(drill, { from: former, to: target })
  const asked = await drill.cluster.leader()
  const { series } = featuresOf(former.version)
  await expectDowngradeAccepted(drill, asked, 'validate', series)
  await expectDowngradeAccepted(drill, asked, 'enable', series)
  // Before any member may be started as the older version.
  await untilDataIsOf(drill, 'data-follows-downgrade', former.version)
  await rollTo(drill, { from: target, to: former })
}

async function startOlderBinary(drill: Drill): Promise<void> {
  const { etcd: former, upgradeTo } = drill
  const [target] = upgradeTo
  if (target === undefined) return
  await rollTo(drill, { from: former, to: target })
  const [member] = await drill.cluster.followers()
  if (member === undefined) return
  const starting = drill.window('older-binary', 'stops', [member])
  await member.stop()
  await expectExit(drill, {
    id: 'older-binary-exits',
    sentence: `etcd ${former.version} to exit on the data of etcd ${target.version}`,
    member,
    start: () => member.recreate({ image: former.image, version: former.version }),
    logs: olderBinaryReason,
  })
  await drill.untilServing()
  await changeVersion(drill, member, target)
  await starting.undo()
}

/** The rejections are those of etcd's server/etcdserver/errors. */
async function tryEveryDowngrade(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const { version } = drill.cluster.spec
  const before = seriesBeside(version, -1)
  const expectRejected = async (id: string, wanted: RegExp, ...words: Words) => {
    const rejection = await downgrade(leader, ...words)
    drill.expect(
      id,
      `etcd to reject \`downgrade ${words.join(' ')}\``,
      rejection !== undefined && wanted.test(rejection),
      rejection ?? 'an acknowledgement',
    )
  }
  await expectDowngradeAccepted(drill, leader, 'validate', before)
  for (const verb of ['validate', 'enable'] as const) {
    for (const minors of [-2, 0, 1]) {
      const series = seriesBeside(version, minors)
      await expectRejected('downgrade-only-to-version-before', /invalid.*target/, verb, series)
    }
    await expectRejected('downgrade-needs-version', /wrong .*version format/, verb, 'newest')
  }
  await expectDowngradeAccepted(drill, leader, 'enable', before)
  await expectRejected('one-downgrade-at-a-time', /downgrade job in progress/, 'enable', before)
  await expectDowngradeAccepted(drill, leader, 'cancel')
  await untilDataIsOf(drill, 'data-follows-downgrade', version)
}

type Words = Parameters<typeof downgrade> extends [unknown, ...infer Rest] ? Rest : never
