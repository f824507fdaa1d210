import {
  type Drill,
  done,
  etcd,
  featuresOf,
  type Member,
  type Scenario,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { lastComplaint, untilExit } from '../shared/member-exit.ts'
import {
  alteredValue,
  dataAlteration,
  dataAltered,
  findOtherMember,
  markedKey,
} from './altered-data.ts'
import { expectOnlyReads, untilSnapshot } from './corrupt-expectations.ts'
import {
  adjustOptions,
  checkOfTheUsers,
  needsPeerCertificates,
  needsRunningCheck,
  runningChecks,
} from './corruption-checks.ts'
import { untilAlarm } from './nospace-expectations.ts'
import { quotaScenario } from './quota.ts'
import { disarmAll } from './recovery.ts'

const alterationScenario = {
  ...quotaScenario,
  foreignWrites: 'the scenario writes the value that it alters on disk',
} as const

export const corruptAlarm: readonly Scenario[] = [
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-found-periodically',
    title: 'The periodic corruption check finds altered data, raises CORRUPT and stops all writes',
    depth: 'ci',
    notApplicable: needsRunningCheck,
    adjustSpec: adjustOptions({ 'corrupt-check-time': '2s' }),
    faults: [dataAlteration],
    act: (drill) => alterUntilAlarm(drill),
  },
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-disarmed-first',
    title: 'Disarming CORRUPT before the altered member is replaced brings it back',
    depth: 'full',
    notApplicable: needsRunningCheck,
    adjustSpec: adjustOptions({ 'corrupt-check-time': '2s' }),
    faults: [dataAlteration],
    act: (drill) =>
      alterUntilAlarm(drill, {
        beforeUndo: async (member) => {
          await disarmAll(drill)
          await untilAlarm(drill, 'CORRUPT', await findOtherMember(drill, member))
        },
      }),
  },
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-found-by-compaction',
    title: 'The compaction hash check finds data altered on disk',
    depth: 'full',
    notApplicable: (spec) =>
      featuresOf(spec.version).has('compact-hash-check')
        ? checkOfTheUsers(spec, ['InitialCorruptCheck', 'corrupt-check-time'])
        : `etcd ${spec.version} does not compare compaction hashes: 3.5.5 and later do`,
    adjustSpec: adjustOptions({ CompactHashCheck: 'true', 'compact-hash-check-time': '1s' }),
    faults: [dataAlteration],
    act: (drill) =>
      alterUntilAlarm(drill, {
        // Without a majority of hashes the alarm names no member (server's corrupt.go).
        mayNameNoMember: true,
        onceAltered: async (member) => {
          const client = drill.client(await findOtherMember(drill, member))
          const { revision } = await etcd.range(client, { key: 'k0' })
          await etcd.compact(client, revision)
        },
      }),
  },
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-refused-at-start',
    title: 'The initial corruption check keeps a member with altered data from starting',
    depth: 'full',
    notApplicable: needsPeerCertificates,
    adjustSpec: adjustOptions({ InitialCorruptCheck: 'true', 'snapshot-count': '100' }),
    faults: [dataAlteration],
    skippedCheckers: { logs: 'the scenario expects the altered member to exit with a fatal line' },
    act: async (drill) => {
      const member = await oneFollower(drill)
      await untilSnapshot(drill, member)
      const fault = await drill.inject(dataAltered(drill), [member])
      const sentence = `${member.name}, whose data is altered, to exit`
      await untilExit(drill, { id: 'altered-member-exits', sentence, member })
      const log = await member.logs()
      drill.expect(
        'altered-member-logs-inconsistency',
        'its log says that its data differs from its peers’',
        /checkInitialHashKV failed|found data inconsistency with peers/.test(log),
        lastComplaint(log),
      )
      await drill.untilServing()
      await fault.undo()
    },
  },
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-missed-at-start',
    title: 'The initial check of 3.5 passes altered data before the first raft snapshot',
    depth: 'full',
    notApplicable: (spec) =>
      featuresOf(spec.version).has('feature-gates')
        ? `etcd ${spec.version} knows its peers without a raft snapshot`
        : checkOfTheUsers(spec, runningChecks),
    adjustSpec: adjustOptions({ InitialCorruptCheck: 'true', 'snapshot-count': '100000' }),
    faults: [dataAlteration],
    act: expectAlteredValueServed,
  },
  {
    ...alterationScenario,
    id: 'quota-alarms/corrupt-unnoticed',
    title: 'A cluster without corruption checks serves a value altered on disk',
    depth: 'full',
    notApplicable: (spec) => checkOfTheUsers(spec, ['InitialCorruptCheck', ...runningChecks]),
    faults: [dataAlteration],
    act: expectAlteredValueServed,
  },
]

async function expectAlteredValueServed(drill: Drill): Promise<void> {
  const member = await oneFollower(drill)
  const fault = await drill.inject(dataAltered(drill), [member])
  await drill.cluster.untilHealthy()
  const client = drill.client(member)
  // The client reconnects a moment after the member serves again.
  const { kvs } = await drill.becomes(
    'altered-member-serves-clients',
    `${member.name} to answer this client again`,
    async () => done(await etcd.range(client, { key: markedKey })),
  )
  const value = kvs[0]?.value
  drill.expect(
    'altered-value-is-served',
    'the altered value is served',
    value === alteredValue,
    value ?? 'no value',
  )
  const alarms = await etcd.alarms(client)
  drill.expect(
    'altered-value-raises-no-alarm',
    'no alarm reports the altered value',
    alarms.length === 0,
    `alarms of ${alarms.map(({ memberId, type }) => `${memberId}: ${type}`).join(', ')}`,
  )
  await fault.undo()
}

async function alterUntilAlarm(
  drill: Drill,
  then: {
    readonly onceAltered?: (member: Member) => Promise<void>
    readonly beforeUndo?: (member: Member) => Promise<void>
    readonly mayNameNoMember?: boolean
  } = {},
): Promise<void> {
  const { version } = drill.cluster.spec
  const member = await oneFollower(drill)
  const { memberId } = await member.status()
  const fault = await drill.inject(dataAltered(drill), [member])
  await drill.cluster.leader()
  await then.onceAltered?.(member)
  const other = await findOtherMember(drill, member)
  const named = await untilAlarm(drill, 'CORRUPT', other)
  const expected = featuresOf(version).has('corrupt-names-nobody') ? '0' : memberId
  drill.expect(
    'corrupt-alarm-names-member',
    expected === '0'
      ? `the alarm of etcd ${version} names no member`
      : `the alarm names ${member.name}`,
    named.every((id) => id === expected || (then.mayNameNoMember === true && id === '0')),
    named.join(', '),
  )
  await expectOnlyReads(drill)
  await then.beforeUndo?.(member)
  await fault.undo()
  await drill.untilServing()
}
