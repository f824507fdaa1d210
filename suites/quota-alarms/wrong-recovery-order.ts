import type { Drill, Scenario } from '../../harness/index.ts'
import { fillQuota } from './nospace-expectations.ts'
import { withinOneRecovery } from './objectives.ts'
import { fillUntilRejected, quotaBytes, quotaFilling, quotaScenario, withQuota } from './quota.ts'
import { compactAll, defragmentEach, deleteFiller, disarmAll } from './recovery.ts'

/** A recovery that operators try and that leaves the cluster rejecting writes. */
interface Mistake {
  readonly name: string
  readonly title: string
  readonly depth: Scenario['depth']
  readonly minMembers?: number
  /** Ends the sentence "the cluster rejects writes again after …". */
  readonly words: string
  readonly make: (drill: Drill) => Promise<void>
}

const wrongOrders: readonly Mistake[] = [
  {
    name: 'disarmed-first',
    title: 'Disarming a cluster that is still full brings the alarm back',
    depth: 'full',
    words: 'disarming first',
    make: disarmAll,
  },
  {
    name: 'not-defragmented',
    title: 'Compacting without defragmenting leaves the quota full',
    depth: 'ci',
    words: 'compacting and disarming without a defragmentation',
    make: async (drill) => {
      await deleteFiller(drill)
      await compactAll(drill)
      await disarmAll(drill)
    },
  },
  {
    name: 'not-compacted',
    title: 'Defragmenting without compacting frees no space',
    depth: 'full',
    words: 'deleting and defragmenting without a compaction',
    make: async (drill) => {
      await deleteFiller(drill)
      await defragmentEach(drill, drill.cluster.members)
      await disarmAll(drill)
    },
  },
  {
    name: 'one-defragmented',
    title: 'Defragmenting only one member brings the alarm back',
    depth: 'ci',
    minMembers: 3,
    words: 'defragmenting the leader alone',
    make: async (drill) => {
      await deleteFiller(drill)
      await compactAll(drill)
      await defragmentEach(drill, [await drill.cluster.leader()])
      await disarmAll(drill)
    },
  },
]

export const wrongRecoveryOrder: readonly Scenario[] = wrongOrders.map(scenarioOf)

function scenarioOf({ name, words, make, ...mistake }: Mistake): Scenario {
  return {
    ...quotaScenario,
    ...mistake,
    id: `quota-alarms/${name}`,
    adjustSpec: withQuota(),
    faults: [quotaFilling],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const filled = await fillQuota(drill)
      await make(drill)
      await expectStillFull(drill, words)
      await filled.undo()
    },
  }
}

/**
 * The right recovery frees nearly the whole quota; after a wrong one the alarm is back before a
 * quarter of it is written.
 */
export async function expectStillFull(drill: Drill, words: string): Promise<void> {
  const room = await fillUntilRejected(drill, await drill.cluster.leader())
  drill.measure('roomBytes', room)
  drill.expect(
    'wrong-order-leaves-quota-full',
    `the cluster rejects writes again after ${words}`,
    room < quotaBytes / 4,
    `room for ${room} bytes of ${quotaBytes}`,
  )
}
