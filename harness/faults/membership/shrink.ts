import { defineFault, idempotentUndo, injectOrUndo, nothingToUndo } from '../define.ts'
import { rebuild, removeFromMembership } from './membership.ts'

/**
 * Takes the target out of etcd's membership: its process ends by itself, its container stays. Undo
 * adds it again, as a new member with an empty disk.
 */
export const shrink = defineFault({
  name: 'shrink',
  description: 'removes a member from the cluster; undo adds it again with an empty disk',
  needs: { minMembers: 2, targets: 'one' },
  destroysData: true,
  inject: async (cluster, [member]) => {
    if (member === undefined) return nothingToUndo()
    return injectOrUndo(
      () => removeFromMembership(cluster, member),
      idempotentUndo(() => rebuild(cluster, member)),
    )
  },
})

/** A new machine under an old name: removed, added, an empty disk. Nothing to undo. */
export const replace = defineFault({
  name: 'replace',
  description: 'replaces a member by a new one with an empty disk at the same address',
  needs: { minMembers: 3, targets: 'one' },
  destroysData: true,
  inject: async (cluster, [member]) => {
    if (member !== undefined) await rebuild(cluster, member)
    return nothingToUndo()
  },
})
