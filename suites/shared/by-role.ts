import type { Drill, Member } from '../../harness/index.ts'

/**
 * A member that does not lead, once there is a leader. Throws a RangeError in a cluster of one: a
 * scenario says by `minMembers` that it needs more.
 */
export async function oneFollower({ cluster }: Pick<Drill, 'cluster'>): Promise<Member> {
  const [follower] = await cluster.followers()
  if (follower === undefined) throw new RangeError('Expected a follower, got a single member')
  return follower
}

/** The members in the order in which maintenance takes them one after the other: the leader last. */
export async function leaderLast({
  cluster,
}: Pick<Drill, 'cluster'>): Promise<readonly [...Member[], Member]> {
  const leader = await cluster.leader()
  return [...cluster.members.filter(({ name }) => name !== leader.name), leader]
}
