import { defineFault, idempotentUndo, injectOrUndo, nothingToUndo } from '../define-fault.ts'
import { probeRemoval } from './probe-member-list.ts'
import { rebuild } from './rebuild.ts'
import { removeIfListed } from './remove-if-listed.ts'

/**
 * Takes the target out of etcd's membership: its process exits, its container stays. Undo adds it
 * again, as a new member with an empty disk.
 */
export const shrink = defineFault({
  name: 'shrink',
  description: 'removes a member from the cluster; undo adds it again with an empty disk',
  effect: 'removes',
  needs: { minMembers: 2, targets: 'one' },
  destroysData: true,
  probe: probeRemoval,
  inject: async (cluster, [member]) => {
    if (member === undefined) return nothingToUndo()
    return injectOrUndo(
      () => removeIfListed(cluster, member),
      idempotentUndo(() => rebuild(cluster, member)),
    )
  },
})
