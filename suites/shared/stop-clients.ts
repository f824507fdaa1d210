import type { Drill, Fault } from '../../harness/index.ts'

/** Marks the end of the workload in the history; from then on only the scenario sends requests. */
export const clientsGone: Fault = {
  name: 'clients-gone',
  description: 'the workload has ended',
  needs: {},
  inject: async () => async () => {},
}

/** Ends the workload, for steps that its clients would disturb, such as users and alarms. */
export async function stopClients(drill: Drill): Promise<void> {
  await drill.inject(clientsGone, drill.cluster.members)
  await drill.stopLoad()
}
