import type { Drill } from '../../harness/index.ts'

/**
 * Ends the workload, for steps that its clients would disturb, such as users and alarms. A window in
 * the history says since when the scenario alone sends requests.
 */
export async function stopClients(drill: Drill): Promise<void> {
  drill.window('clients-stopped', 'changes', drill.cluster.members)
  await drill.stopWorkload()
}
