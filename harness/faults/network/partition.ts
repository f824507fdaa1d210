import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import type { Fault } from '../fault.ts'
import { linkFault } from './link-fault.ts'
import type { Link } from './links.ts'

/**
 * Splits the cluster into the given groups of member names: within a group all is well, between
 * groups nothing arrives. Members that are in no group form one more. The targets are only noted.
 */
export function partition(groups: readonly (readonly string[])[]): Fault {
  return linkFault({
    name: 'partition',
    description: `drops all packets between groups of members: ${describe(groups)}`,
    effect: 'cuts',
    links: (cluster) => linksBetween(cluster, groups),
    jump: 'DROP',
  })
}

function linksBetween(cluster: Cluster, groups: readonly (readonly string[])[]): Link[] {
  const names = groups.flat()
  for (const name of names) cluster.member(name)
  if (new Set(names).size !== names.length) {
    throw new InputError(`Expected every member in one group, got ${describe(groups)}`)
  }
  const rest = -1
  const groupOf = (name: string) => {
    const index = groups.findIndex((group) => group.includes(name))
    return index < 0 ? rest : index
  }
  return cluster.members.flatMap((from) =>
    cluster.members
      .filter((to) => groupOf(from.name) !== groupOf(to.name))
      .map((to) => ({ from, to })),
  )
}

function describe(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(' ')).join(' | ')
}
