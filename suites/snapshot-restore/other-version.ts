import {
  type ClusterSpec,
  type Drill,
  type EtcdUnderTest,
  etcd,
  featuresOf,
  type Member,
  type Scenario,
  type UpgradedRun,
} from '../../harness/index.ts'
import { untilDataIsOf } from '../shared/etcd/cluster-version.ts'
import { expectExit } from '../shared/member-exit.ts'
import { needsOtherSeries, needsTarget } from '../shared/upgrade-target.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import {
  expectAsOf,
  expectOneState,
  expectSameRows,
  expectServes,
  readStore,
} from './expectations.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot, tryRestore } from './take-snapshot.ts'

/** A snapshot of one version of etcd restored with the tools of another, which the members then run. */
export const otherVersion: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/restored-as-newer',
    title:
      'A snapshot restores with the tools of a newer etcd, whose members have every key and serve',
    depth: 'ci',
    notApplicable: needsTarget,
    act: async (drill) => {
      await restoreAsTarget(drill)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/restored-as-older',
    title: 'A snapshot of a newer etcd is rejected by an older one, or restored whole',
    depth: 'ci',
    notApplicable: needsKnownOlder,
    skippedCheckers: {
      ...abandonedCluster.skippedCheckers,
      logs: 'a member that must not start on newer data exits with a fatal line',
    },
    act: restoreBack,
  },
]

function needsKnownOlder(spec: ClusterSpec, run: UpgradedRun): string | undefined {
  if (featuresOf(spec.version).has('learners')) return needsOtherSeries(spec, run)
  return `what etcd ${spec.version} does with a newer snapshot is not known`
}

/** Loses the cluster and restores its snapshot as the etcd that the run upgrades to. */
async function restoreAsTarget(drill: Drill): Promise<EtcdUnderTest> {
  const [target] = drill.upgradeTo
  if (target === undefined) throw new RangeError('Expected an etcd to restore as, got none')
  const leader = await drill.cluster.leader()
  const { content, revision } = await takeSnapshot(drill, leader)
  const before = await readStore(drill.client(leader), { atRevision: revision })
  await loseEverything(drill)
  await restoreCluster(drill, { content, names: namesOf(drill.cluster.members), as: target })
  await expectRuns(drill, target.version)
  await expectAsOf(drill, revision)
  await expectSameRows(drill, before)
  await expectServes(drill)
  await expectOneState(drill)
  return target
}

/**
 * etcdctl of 3.4 panics on what 3.6 has added. From 3.6 on the tool restores, and the member exits on data
 * of a newer form. 3.5 checks neither: it restores and serves the snapshots of every later version.
 */
async function restoreBack(drill: Drill): Promise<void> {
  const newer = await restoreAsTarget(drill)
  const { cluster, etcd: older } = drill
  const [member] = cluster.members as [Member]
  const { has } = featuresOf(newer.version)
  const { has: hadBefore } = featuresOf(older.version)
  // Seconds after the members agreed on the cluster's version.
  if (has('storage-version')) await untilDataIsOf(drill, 'data-follows-version', newer.version)
  const { content, revision } = await takeNewerSnapshot(drill, member)
  if (has('storage-version') && !hadBefore('etcdutl')) {
    const { exitCode } = await tryRestore(cluster, content)
    drill.expect(
      'older-tool-rejects-newer-snapshot',
      `the tool of etcd ${older.version} to reject a snapshot of etcd ${newer.version}`,
      exitCode !== 0,
      'a restored directory',
    )
    return
  }
  const before = await readStore(drill.client(member), { atRevision: revision })
  const names = namesOf(cluster.members)
  if (has('storage-version') && hadBefore('storage-version')) {
    await expectExit(drill, {
      id: 'older-member-exits-on-newer-snapshot',
      sentence: `etcd ${older.version} to exit on the restored data of etcd ${newer.version}`,
      member,
      start: () =>
        restoreCluster(drill, {
          content,
          names: [member.name],
          as: older,
          awaitHealthy: false,
        }),
      logs: /version \S+ is not supported/,
    })
    return
  }
  await restoreCluster(drill, { content, names, as: older })
  await expectRuns(drill, older.version)
  await expectSameRows(drill, before)
  await expectServes(drill)
  await expectOneState(drill)
}

async function takeNewerSnapshot(drill: Drill, member: Member) {
  const pieces: Buffer[] = []
  const { revision } = await member.status()
  for await (const piece of etcd.snapshot(drill.client(member))) pieces.push(piece)
  return { content: Buffer.concat(pieces), revision }
}

async function expectRuns(drill: Drill, version: string): Promise<void> {
  for (const member of drill.cluster.members) {
    const found = (await member.status()).version
    drill.expect(
      'restored-member-runs-its-version',
      `${member.name} to run etcd ${version}`,
      found === version,
      found,
    )
  }
}
