import { type Drill, faults, type Member } from '../../harness/index.ts'

/**
 * Restarts a member, and returns when every member is healthy: the next one to restart leaves a
 * majority then.
 */
export async function restartUntilHealthy(drill: Drill, member: Member): Promise<void> {
  const restarted = await drill.inject(faults.restart, [member])
  await drill.cluster.untilHealthy()
  await restarted.undo()
}
