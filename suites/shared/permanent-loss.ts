import type { Fault } from '../../harness/index.ts'

/**
 * Machines that will not come back: their members are killed and nothing undoes it. What takes
 * their place is the scenario's to start. Its name tells the
 * checkers not to expect them at the end.
 */
export const lostForGood: Fault = {
  name: 'removed-for-good',
  description: 'machines that will not come back: killed, and nothing undoes it',
  needs: {},
  inject: async (cluster, targets) => {
    await Promise.all(targets.map((name) => cluster.member(name).kill()))
    return async () => {}
  },
}
