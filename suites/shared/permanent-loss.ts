import type { Fault } from '../../harness/index.ts'

/**
 * Machines that never return: kills their members, and its undo does nothing. The scenario starts
 * what replaces them.
 */
export const permanentLoss: Fault = {
  name: 'removed-for-good',
  description: 'kills members whose machines never return',
  needs: {},
  inject: async (cluster, targets) => {
    await Promise.all(targets.map((name) => cluster.member(name).kill()))
    return async () => {}
  },
}
