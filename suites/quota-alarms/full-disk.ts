import {
  type ClusterSpec,
  type Drill,
  done,
  etcd,
  type Fault,
  faults,
  notYet,
  type Scenario,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { mebibyte, smallestQuota, withoutAutoCompaction } from '../shared/etcd/limits.ts'
import { expectExit, lastComplaint } from '../shared/member-exit.ts'
import { othersWithinOneElection } from '../shared/objectives.ts'
import { expectWritesRejected, untilAlarm } from './nospace-expectations.ts'
import { withinOneRecovery } from './objectives.ts'
import { quotaFilled, quotaFilling, quotaScenario, withQuota, write } from './quota.ts'

/** etcd allocates two segments of 64 MiB for its log; the rest is for the database. */
const volumeBytes = (128 + 24) * mebibyte

const diskFilling: Pick<Fault, 'name' | 'effect' | 'needs'> = {
  name: 'disk-full',
  effect: 'stops',
  needs: { targets: 'one', minMembers: 3 },
}

export const fullDisk: readonly Scenario[] = [
  {
    ...quotaScenario,
    id: 'quota-alarms/disk-full',
    title: 'A member with a full disk exits without an alarm, and the others serve',
    depth: 'full',
    adjustSpec: withoutAutoCompaction,
    notApplicable: needsQuotaAboveDisk,
    faults: [diskFilling],
    skippedCheckers: {
      logs: 'the scenario expects the member with the full disk to exit with a fatal line',
    },
    // A follower exits: clients of the others wait at most for an election.
    objectives: othersWithinOneElection,
    act: async (drill) => {
      const member = await oneFollower(drill)
      const full = await drill.inject(diskFull(drill), [member])
      const log = await member.logs()
      const leader = await drill.cluster.leader()
      drill.expect(
        'full-disk-is-logged',
        'the log names the full disk',
        log.includes('no space left on device'),
        lastComplaint(log),
      )
      const alarms = await etcd.alarms(drill.client(leader))
      drill.expect(
        'full-disk-raises-no-alarm',
        'no alarm is on',
        alarms.length === 0,
        alarms.map(({ type }) => type).join(),
      )
      await expectExit(drill, {
        id: 'restart-on-full-disk-exits',
        sentence: `${member.name} to exit again when it restarts on the full disk`,
        member,
        start: () => member.start(),
      })
      await drill.untilServing()
      await full.undo()
    },
  },
  {
    ...quotaScenario,
    id: 'quota-alarms/quota-before-disk',
    title: 'A quota below the size of the disk raises an alarm before the disk is full',
    depth: 'full',
    minMembers: 2,
    adjustSpec: withQuota(),
    faults: [quotaFilling],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const member = await oneFollower(drill)
      const moving = drill.window('moved-to-small-disk', 'stops', [member])
      await member.recreate({ dataVolumeBytes: volumeBytes })
      await drill.cluster.untilHealthy()
      await moving.undo()
      const filled = await drill.inject(quotaFilled(drill, await drill.cluster.leader()), [member])
      await untilAlarm(drill, 'NOSPACE', member)
      await expectWritesRejected(drill)
      drill.expect(
        'quota-keeps-member-running',
        'the member on the small disk runs',
        await member.isRunning(),
        `${member.name} has exited`,
      )
      await filled.undo()
    },
  },
]

function needsQuotaAboveDisk(spec: ClusterSpec): string | undefined {
  const quota = smallestQuota(spec)
  return quota > volumeBytes
    ? undefined
    : `the user’s quota of ${quota} bytes is full before a disk of ${volumeBytes} bytes`
}

/** Moves the member's data to a small volume and fills it. Undo moves the data to a large one. */
function diskFull(drill: Drill): Fault {
  return {
    ...diskFilling,
    description: 'moves a member to a small volume and writes until the member gets ENOSPC',
    probe: faults.kill.probe,
    inject: async (cluster, [name = '']) => {
      const member = cluster.member(name)
      await member.recreate({ dataVolumeBytes: volumeBytes })
      await cluster.untilHealthy()
      const leader = await cluster.leader()
      await drill.becomes(
        'full-disk-member-exits',
        `${name} to exit when its disk is full`,
        async () => {
          await write(drill, leader, mebibyte)
          return (await member.isRunning()) ? notYet('a running member') : done(undefined)
        },
        { deadlineMs: drill.deadlines.healthyMs, intervalMs: 1 },
      )
      return () => member.recreate({ dataVolumeBytes: null })
    },
  }
}
