import { etcdctlMembership } from '../../cluster/etcdctl-membership.ts'
import { addToMemberList, untilJoined } from '../../cluster/membership.ts'
import type { Cluster } from '../../cluster/types.ts'
import { defineFault, idempotentUndo, injectOrUndo } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { probeGrowth } from './probe-member-list.ts'
import { removeIfListed } from './remove-if-listed.ts'

/** How the new member joins. */
export interface GrowOptions {
  /** Default: the first of m1, m2, … that there is not. */
  readonly name?: string
  /** Joins without a vote. */
  readonly learner?: boolean
}

/** One more member, added as etcd's guide says and fed by the others. Undo removes it again. */
export function growBy({ name, learner = false }: GrowOptions = {}): Fault {
  return defineFault({
    name: learner ? 'grow-learner' : 'grow',
    description: `adds a ${learner ? 'learner' : 'member'} to the cluster; undo removes it again`,
    effect: 'changes',
    needs: { targets: 'all' },
    probe: probeGrowth,
    inject: async (cluster) => {
      const newcomer = name ?? freeName(cluster)
      const place = { name: newcomer, address: cluster.reserveAddress(newcomer) }
      return injectOrUndo(
        async () => {
          const api = etcdctlMembership(cluster, { except: newcomer })
          const { initialCluster } = await addToMemberList(api, cluster.spec, { ...place, learner })
          const member = await cluster.startMember({ name: newcomer, initialCluster })
          await untilJoined(member, cluster.spec)
        },
        idempotentUndo(async () => {
          await removeIfListed(cluster, place)
          const isThere = cluster.members.some((member) => member.name === newcomer)
          if (isThere) await cluster.removeMember(newcomer)
        }, newcomer),
      )
    },
  })
}

/** `growBy` with a voter under the first free name. */
export const grow = growBy()

function freeName({ members }: Cluster): string {
  const taken = members.map(({ name }) => name)
  const free = taken.map((_, index) => `m${index + 1}`).find((name) => !taken.includes(name))
  return free ?? `m${taken.length + 1}`
}
