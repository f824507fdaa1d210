import { etcdctlMembership } from '../../cluster/etcdctl-membership.ts'
import { findListed } from '../../cluster/membership.ts'
import { compareReadings } from '../compare-readings.ts'

/** The target's id is in the list no more: it was removed, or another member has its name. */
export const probeRemoval = compareReadings<string>({
  expected: 'the id to leave the member list',
  what: 'id in the member list',
  read: async (member, cluster) => {
    const rows = await etcdctlMembership(cluster, { except: member.name }).list()
    return findListed(rows, cluster.spec, member)?.id ?? 'none'
  },
  isObserved: (before, now) => before !== 'none' && before !== now,
  format: (id) => id,
})

/** There is one member more, as every other member lists it. */
export const probeGrowth = compareReadings<readonly string[]>({
  expected: 'the member list to grow by one',
  what: 'member list',
  read: async (member, cluster) => {
    const rows = await etcdctlMembership(cluster, { through: member }).list()
    return rows.map(({ name, id }) => name || id)
  },
  isObserved: (before, now) => now.length === before.length + 1,
  format: (names) => names.join(' '),
})
