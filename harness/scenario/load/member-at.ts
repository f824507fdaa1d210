import type { Cluster, Member } from '../../cluster/types.ts'
import type { AddresseeOf, MemberAt } from '../../workload/sender.ts'

/** Whom clients use, by the index that the plan drew, and by name. */
export interface ClientMembers {
  readonly memberAt: MemberAt
  readonly addresseeOf: AddresseeOf
  /** Beside a door, the member of the start whose place it takes. */
  find(name: string): Member
}

/**
 * Clients stay with the members of the start. Those of a member that was removed from the cluster go to
 * one of the present members, as operators point them there. Behind doors they stay with those, which
 * know every member of the start.
 */
export function clientMembers(cluster: Pick<Cluster, 'members' | 'doors'>): ClientMembers {
  const { members: first, doors } = cluster
  const at = <One>(all: readonly One[], index: number) => all[index % all.length]
  const doorNamed = (name: string) => doors.find((door) => door.name === name)
  return {
    memberAt: (index) => {
      if (doors.length > 0) return at(doors, index)?.name ?? ''
      const wanted = at(first, index)
      const present = cluster.members
      const isPresent = present.some(({ name }) => name === wanted?.name)
      return ((isPresent ? wanted : at(present, index)) ?? wanted)?.name ?? ''
    },
    addresseeOf: (name) => (doorNamed(name) === undefined ? { member: name } : { door: name }),
    find: (name) => {
      const beside = doorNamed(name)?.memberEndpoint
      const found = [...cluster.members, ...first].find((member) =>
        beside === undefined ? member.name === name : member.clientEndpoint === beside,
      )
      if (found === undefined) throw new RangeError(`Expected a member, got ${name}`)
      return found
    },
  }
}
