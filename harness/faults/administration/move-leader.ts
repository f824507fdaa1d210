import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { compareReadings } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

const leadDeadlineMs = 15_000

/** Hands the leadership to the target, or from it when it leads; returns when the other one leads. */
export const moveLeader = maintenanceFault({
  name: 'move-leader',
  description: 'hands the leadership over to the target, or from it to another member',
  effect: 'changes',
  needs: { targets: 'one', minMembers: 2 },
  probe: compareReadings<string | null>({
    expected: 'another leader',
    what: 'leader',
    read: async (member) => (await member.status()).leaderId,
    isObserved: (before, now) => before !== null && now !== null && before !== now,
    format: (leaderId) => leaderId,
  }),
  act: async (target, cluster) => {
    const leader = await cluster.leader()
    const next = leader === target ? await anotherVoter(cluster, target) : target
    const { memberId } = await next.status()
    await runEtcdctl(leader, ['move-leader', memberId])
    await poll(
      async () => {
        const { leaderId } = await target.status()
        return leaderId === memberId ? done(undefined) : notYet(`leader ${leaderId}`)
      },
      { what: `${next.name} to lead`, deadlineMs: leadDeadlineMs },
    )
    return `from ${leader.name} to ${next.name}`
  },
})

async function anotherVoter(cluster: Cluster, except: Member): Promise<Member> {
  for (const member of cluster.members) {
    if (member !== except && !(await member.status()).learner) return member
  }
  throw new FaultError(`Expected a voting member beside ${except.name}, got none`)
}
