import type { Cluster, Member } from '../../cluster/types.ts'

/** The members that clients use, by the index that the plan drew, and by name. */
export interface ClientMembers {
  memberAt(index: number): string
  find(name: string): Member
}

/**
 * Clients stay with the members of the start. Those of a member that was removed from the cluster go to
 * one of the present members, as operators point them there.
 */
export function clientMembers(cluster: Pick<Cluster, 'members'>): ClientMembers {
  const first = cluster.members
  const at = (members: readonly Member[], index: number) => members[index % members.length]
  return {
    memberAt: (index) => {
      const wanted = at(first, index)
      const present = cluster.members
      const isPresent = present.some(({ name }) => name === wanted?.name)
      return ((isPresent ? wanted : at(present, index)) ?? wanted)?.name ?? ''
    },
    find: (name) => {
      const found = [...cluster.members, ...first].find((member) => member.name === name)
      if (found === undefined) throw new RangeError(`Expected a member, got ${name}`)
      return found
    },
  }
}
