import type { Scenario } from '../../harness/index.ts'
import { expectWritesRejectedAfter, fillQuota, untilAlarm } from './nospace-expectations.ts'
import { withinOneRecovery } from './objectives.ts'
import { quotaBytes, quotaFilling, quotaScenario, withQuota } from './quota.ts'
import { compactAll, defragmentEach, deleteFiller, disarmAll } from './recovery.ts'

/** Recoveries that omit a step, or take the steps in another order. */
export const incompleteRecovery: readonly Scenario[] = [
  {
    ...quotaScenario,
    id: 'quota-alarms/not-disarmed',
    title: 'A cluster with free space rejects writes until its alarm is disarmed',
    depth: 'full',
    adjustSpec: withQuota(),
    faults: [quotaFilling],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const filled = await fillQuota(drill)
      await deleteFiller(drill)
      await compactAll(drill)
      await defragmentEach(drill, drill.cluster.members)
      await expectWritesRejectedAfter(drill, 'leaving the alarm on')
      await filled.undo()
    },
  },
  {
    ...quotaScenario,
    id: 'quota-alarms/quota-raised',
    title: 'A cluster with a raised quota rejects writes until its alarm is disarmed',
    depth: 'full',
    adjustSpec: withQuota(),
    faults: [quotaFilling],
    act: async (drill) => {
      const filled = await fillQuota(drill)
      const options = { 'quota-backend-bytes': String(4 * quotaBytes) }
      await Promise.all(drill.cluster.members.map((member) => member.recreate({ options })))
      const leader = await drill.cluster.leader()
      await untilAlarm(drill, 'NOSPACE', leader)
      await expectWritesRejectedAfter(drill, 'raising the quota alone')
      await disarmAll(drill)
      await drill.untilServing()
      await filled.undo()
    },
  },
  {
    ...quotaScenario,
    id: 'quota-alarms/defragmented-before-compacting',
    title: 'Defragmenting before compacting frees no space',
    depth: 'full',
    adjustSpec: withQuota(),
    faults: [quotaFilling],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const filled = await fillQuota(drill)
      await deleteFiller(drill)
      await defragmentEach(drill, drill.cluster.members)
      await compactAll(drill)
      for (const member of drill.cluster.members) {
        const { dbSizeBytes } = await member.status()
        drill.expect(
          'early-defragmentation-frees-nothing',
          `the database of ${member.name} is as large as before`,
          dbSizeBytes > quotaBytes / 2,
          `${dbSizeBytes} bytes of ${quotaBytes}`,
        )
      }
      await filled.undo()
    },
  },
]
