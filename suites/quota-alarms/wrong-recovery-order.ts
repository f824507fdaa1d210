import type { Drill, Scenario } from '../../harness/index.ts'
import { withinOneRecovery } from './nospace-alarm.ts'
import { untilAlarm } from './nospace-expectations.ts'
import { filling, fillUntilRefused, quotaBytes, quotaFilled, withQuota } from './quota.ts'
import { compactAll, defragmentEach, deleteFiller, disarmAll } from './recovery.ts'

/** A recovery that people try, and that leaves the cluster as it was. */
interface Mistake {
  readonly name: string
  readonly title: string
  readonly depth: Scenario['depth']
  /** As it begins "… leaves the cluster refusing writes". */
  readonly words: string
  readonly make: (drill: Drill) => Promise<void>
}

const mistakes: readonly Mistake[] = [
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
    words: 'defragmenting the leader alone',
    make: async (drill) => {
      await deleteFiller(drill)
      await compactAll(drill)
      await defragmentEach(drill, [await drill.cluster.leader()])
      await disarmAll(drill)
    },
  },
]

export const wrongOrders: readonly Scenario[] = mistakes.map(scenarioOf)

function scenarioOf({ name, title, depth, words, make }: Mistake): Scenario {
  return {
    ...filling,
    id: `quota-alarms/${name}`,
    title,
    depth,
    adjustSpec: withQuota(),
    faults: [],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const filled = await fill(drill)
      await make(drill)
      await expectStillFull(drill, words)
      await filled.undo()
    },
  }
}

/** Full, and the alarm is on; undone by the right recovery. */
export async function fill(drill: Drill) {
  const leader = await drill.cluster.leader()
  const filled = await drill.inject(quotaFilled(drill, leader), drill.cluster.members)
  await untilAlarm(drill, 'NOSPACE', leader)
  return filled
}

/**
 * What a recovery is for is room. After the right one nearly the whole quota can be written again;
 * after a mistake the alarm is back before a quarter of it.
 */
export async function expectStillFull(drill: Drill, words: string): Promise<void> {
  const room = await fillUntilRefused(drill, await drill.cluster.leader())
  drill.measure('roomBytes', room)
  drill.expect(
    'wrong-order-leaves-quota-full',
    `the cluster rejects writes again after ${words}`,
    room < quotaBytes / 4,
    `room for ${room} bytes of ${quotaBytes}`,
  )
}
