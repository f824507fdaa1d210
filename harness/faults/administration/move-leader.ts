import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { electionDeadlineMs } from '../../topology/timing.ts'
import { compareReadings } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

export interface LeaderReading {
  readonly leaderId: string | null
  /** The member that leads after the fault. */
  readonly nextId: string
}

/** Another leader than the one that this fault hands over to has another cause. */
export function hasMoved(before: LeaderReading, now: LeaderReading): boolean {
  return (
    before.leaderId !== null && before.leaderId !== before.nextId && now.leaderId === before.nextId
  )
}

/** Hands the leadership to the target, or from it when it leads; returns when the other one leads. */
export const moveLeader = maintenanceFault({
  name: 'move-leader',
  description: 'hands the leadership over to the target, or from it to another member',
  effect: 'changes',
  needs: { targets: 'one', minMembers: 2 },
  probe: compareReadings<LeaderReading>({
    expected: 'the leadership to go to the target, or from it to the first other voter',
    what: 'leader',
    read: readLeadership,
    isObserved: hasMoved,
    format: ({ leaderId }) => leaderId,
  }),
  act: async (target, cluster) => {
    const leader = await cluster.leader()
    const next = await successorOf(cluster, target, leader === target)
    const { memberId } = await next.status()
    await runEtcdctl(leader, ['move-leader', memberId])
    await poll(
      async () => {
        const { leaderId } = await target.status()
        return leaderId === memberId ? done(undefined) : notYet(`leader ${leaderId}`)
      },
      { what: `${next.name} to lead`, deadlineMs: electionDeadlineMs(cluster.spec) },
    )
    return `from ${leader.name} to ${next.name}`
  },
})

async function readLeadership(target: Member, cluster: Cluster): Promise<LeaderReading> {
  const { leaderId, memberId } = await target.status()
  const next = await successorOf(cluster, target, leaderId === memberId)
  return { leaderId, nextId: next === target ? memberId : (await next.status()).memberId }
}

/** The target, or where it leads already the first other voter. */
function successorOf(cluster: Cluster, target: Member, leads: boolean): Promise<Member> {
  return leads ? anotherVoter(cluster, target) : Promise.resolve(target)
}

async function anotherVoter(cluster: Cluster, except: Member): Promise<Member> {
  for (const member of cluster.members) {
    if (member !== except && !(await member.status()).learner) return member
  }
  throw new FaultError(`Expected a voting member beside ${except.name}, got none`)
}
