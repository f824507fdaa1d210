import type { Drill, Member } from '../../harness/index.ts'
import { listMembers } from './membership.ts'

/**
 * Restarts a surviving member with `--force-new-cluster`, which makes it a cluster of one. Stops it
 * first, so that its log is whole; restarts it again without the flag, which must not stay.
 */
export async function forceNewCluster(drill: Drill, survivor: Member): Promise<void> {
  await survivor.stop()
  await survivor.recreate({ extraFlags: ['--force-new-cluster'] })
  const members = await listMembers(drill, survivor)
  drill.mark('note', `${survivor.name} was forced into a new cluster`, survivor)
  drill.expect(
    'forced-cluster-has-one-member',
    'a forced cluster has one member',
    members.length === 1,
    members.map(({ name }) => name).join(', '),
  )
  await survivor.stop()
  await survivor.recreate({ extraFlags: [] })
  await listMembers(drill, survivor)
}
