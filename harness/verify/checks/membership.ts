import type { ListedMember } from '../../core/etcd/listed-member.ts'
import {
  answersOf,
  type Check,
  type CheckOutcome,
  cluster,
  type Finding,
  formatGroups,
  hexadecimal,
  nameOf,
  noAnswer,
  skipped,
  statusesOf,
} from './check.ts'
import type { ClusterView } from './cluster-view.ts'

export const oneCluster: Check = {
  name: 'one-cluster',
  holds: 'All endpoints belong to one cluster',
  codes: ['cluster-id-differs'],
  run: (view) =>
    equalStatuses(view, {
      code: 'cluster-id-differs',
      expected: 'one cluster id',
      read: ({ clusterId }) => hexadecimal(clusterId),
    }),
}

export const versions: Check = {
  name: 'versions',
  holds: 'All members run the same version',
  codes: ['version-skew'],
  run: (view) =>
    equalStatuses(view, {
      code: 'version-skew',
      expected: 'one version',
      read: ({ version }) => version,
    }),
}

export const memberList: Check = {
  name: 'member-list',
  holds: 'Every member has the same member list',
  codes: ['member-lists-differ'],
  run: (view) => {
    const { answered, notChecked } = answersOf(view, ({ members }) => members)
    if (answered.length === 0) return skipped([noAnswer, ...notChecked])
    const rows = answered.map(
      ({ endpoint, value }) => [nameOf(view, endpoint), formatList(value)] as const,
    )
    const differ = new Set(rows.map(([, list]) => list)).size > 1
    const found = formatGroups(rows)
    const expected = 'one list'
    return {
      findings: differ ? [{ code: 'member-lists-differ', subject: cluster, expected, found }] : [],
      seen: `the same at ${rows.length} endpoints`,
      notChecked,
    }
  },
}

export const memberNames: Check = {
  name: 'member-names',
  holds: 'Every member has started, under a name of its own',
  codes: ['name-twice', 'member-unstarted'],
  run: (view) =>
    overMembers(view, (members) => [
      ...[...Map.groupBy(members, ({ name }) => name)]
        .filter(([name, same]) => name !== '' && same.length > 1)
        .map(([name, same]) => ({
          code: 'name-twice',
          subject: name,
          expected: 'one member of this name',
          found: same.map(({ id }) => hexadecimal(id)).join(', '),
        })),
      ...members
        .filter(({ name }) => name === '')
        .map(({ id, peerUrls }) => ({
          code: 'member-unstarted',
          subject: hexadecimal(id),
          expected: 'a member that has started, or none',
          found: `one that was added for ${peerUrls.join(', ')} and never started`,
        })),
    ]),
}

export const size: Check = {
  name: 'size',
  holds: 'An odd number of members votes',
  codes: ['even-size'],
  run: (view) =>
    overMembers(view, (members) => {
      const voters = members.filter(({ learner }) => !learner).length
      if (voters % 2 === 1) return []
      const survives = Math.max(Math.ceil(voters / 2) - 1, 0)
      const found = `${voters}, which survive the loss of ${survives}, as ${voters - 1} do`
      return [{ code: 'even-size', subject: cluster, expected: 'an odd number of voters', found }]
    }),
}

export const learners: Check = {
  name: 'learners',
  holds: 'No member is a learner',
  codes: ['learner'],
  run: (view) =>
    overMembers(view, (members) =>
      members
        .filter(({ learner }) => learner)
        .map(({ name, id }) => ({
          code: 'learner',
          subject: name || hexadecimal(id),
          expected: 'a voter',
          found: 'a learner: it has no vote until someone promotes it',
        })),
    ),
}

/** Clients and members elsewhere would connect to themselves. */
export const advertisedUrls: Check = {
  name: 'advertised-urls',
  holds: 'No member advertises localhost or an unspecified address',
  codes: ['localhost-advertised'],
  run: (view) =>
    overMembers(view, (members) =>
      members.flatMap(({ name, id, clientUrls, peerUrls }) =>
        [...clientUrls, ...peerUrls].filter(isLocal).map((url) => ({
          code: 'localhost-advertised',
          subject: name || hexadecimal(id),
          expected: 'URLs that other machines can reach',
          found: url,
        })),
      ),
    ),
}

const localHost = /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/

function isLocal(url: string): boolean {
  return URL.canParse(url) && localHost.test(new URL(url).hostname)
}

function formatList(members: readonly ListedMember[]): string {
  const rows = members.map(({ id, name, peerUrls, learner }) => {
    const role = learner ? ' (learner)' : ''
    return `${hexadecimal(id)} ${name || 'unstarted'} at ${[...peerUrls].sort().join(' ')}${role}`
  })
  return `[${rows.sort().join(', ')}]`
}

function overMembers(
  view: ClusterView,
  judge: (members: readonly ListedMember[]) => readonly Finding[],
): CheckOutcome {
  const { answered, notChecked } = answersOf(view, ({ members }) => members)
  const members = answered[0]?.value
  if (members === undefined) return skipped([noAnswer, ...notChecked])
  return { findings: judge(members), seen: `${members.length} in the list`, notChecked: [] }
}

function equalStatuses(
  view: ClusterView,
  {
    code,
    expected,
    read,
  }: {
    readonly code: string
    readonly expected: string
    readonly read: (status: ReturnType<typeof statusesOf>[number]['status']) => string
  },
): CheckOutcome {
  const rows = statusesOf(view).map(({ name, status }) => [name, read(status)] as const)
  if (rows.length === 0) return skipped([noAnswer])
  const values = [...new Set(rows.map(([, value]) => value))]
  const found = formatGroups(rows)
  return {
    findings: values.length > 1 ? [{ code, subject: cluster, expected, found }] : [],
    seen: values.join(', '),
    notChecked: [],
  }
}
