import { defineFault, forAll, nothingToUndo } from '../define-fault.ts'
import { probeExit } from '../process/probe-process.ts'

/**
 * Machines that do not come back: their members are killed and nothing undoes it. A scenario may
 * start others in their place. Any number of members, all of them too: a disaster.
 */
export const destroy = defineFault({
  name: 'destroy',
  description: 'kills the members of machines that do not come back; nothing undoes it',
  effect: 'removes',
  needs: {},
  destroysData: true,
  probe: probeExit,
  inject: async (_, targets) => {
    await forAll(targets, (member) => member.kill())
    return nothingToUndo()
  },
})
