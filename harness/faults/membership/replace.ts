import { defineFault, nothingToUndo } from '../define-fault.ts'
import { probeRemoval } from './probe-member-list.ts'
import { rebuild } from './rebuild.ts'

/** A new machine under an old name: removed, added, an empty disk. Nothing to undo. */
export const replace = defineFault({
  name: 'replace',
  description: 'replaces a member by a new one with an empty disk at the same address',
  effect: 'removes',
  needs: { minMembers: 3, targets: 'one' },
  destroysData: true,
  probe: probeRemoval,
  inject: async (cluster, [member]) => {
    if (member !== undefined) await rebuild(cluster, member)
    return nothingToUndo()
  },
})
