import { defineFault, idempotentUndo, injectOrUndo } from '../define.ts'
import type { Fault } from '../fault.ts'
import {
  addToMembership,
  initialClusterWith,
  removeFromMembership,
  untilJoined,
} from './membership.ts'

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
    needs: { targets: 'all' },
    inject: async (cluster) => {
      const taken = cluster.members.map((member) => member.name)
      const free = taken.map((_, index) => `m${index + 1}`).find((one) => !taken.includes(one))
      const newcomer = name ?? free ?? `m${taken.length + 1}`
      const address = cluster.reserveAddress(newcomer)
      const place = { name: newcomer, address }
      return injectOrUndo(
        async () => {
          await addToMembership(cluster, { ...place, learner })
          const initialCluster = await initialClusterWith(cluster, place)
          const member = await cluster.startMember({ name: newcomer, initialCluster })
          await untilJoined(member)
        },
        idempotentUndo(async () => {
          await removeFromMembership(cluster, place)
          const isThere = cluster.members.some((member) => member.name === newcomer)
          if (isThere) await cluster.removeMember(newcomer)
        }, newcomer),
      )
    },
  })
}

export const grow = growBy()
