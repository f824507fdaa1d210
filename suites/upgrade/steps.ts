import {
  type Drill,
  done,
  type EtcdUnderTest,
  type ListedMember,
  type Member,
  notYet,
} from '../../harness/index.ts'
import { leaderLast } from '../shared/by-role.ts'
import { clusterVersionFor, readVersions } from '../shared/etcd/cluster-version.ts'
import { listMembers, untilHealthy } from '../shared/membership.ts'

/** Upgrades or downgrades every member in turn, the leader last, and checks the mixed cluster between. */
export async function rollTo(
  drill: Drill,
  { from, to }: { readonly from: EtcdUnderTest; readonly to: EtcdUnderTest },
): Promise<void> {
  const order = await leaderLast(drill)
  for (const [index, member] of order.entries()) {
    await changeVersion(drill, member, to)
    if (index === order.length - 1) break
    await expectOperation(drill, {
      [from.version]: order.slice(index + 1),
      [to.version]: order.slice(0, index + 1),
    })
  }
  await untilClusterVersion(drill, to.version)
  await expectOperation(drill, { [to.version]: order })
  await drill.untilSteady('after')
}

/** Stops one member and starts it as another etcd, on its own data. */
export async function changeVersion(
  drill: Drill,
  member: Member,
  { image, version }: EtcdUnderTest,
): Promise<void> {
  const changing = drill.window('change-version', 'changes', [member])
  if (await member.isRunning()) await member.stop()
  await member.recreate({ image, version })
  await untilHealthy(drill, member)
  drill.mark('member-up', `${member.name} runs etcd ${version}`, member)
  await changing.undo()
}

/**
 * Whether members differ or not: each runs its own version, they agree on the members, and each serves
 * writes that every other one then reads.
 */
export async function expectOperation(
  drill: Drill,
  running: Readonly<Record<string, readonly Member[]>>,
): Promise<void> {
  for (const [version, members] of Object.entries(running)) {
    for (const member of members) await expectRuns(drill, member, version)
  }
  const members = Object.values(running).flat()
  await expectOneMemberList(drill, members)
  for (const member of members) await expectServesAll(drill, member, members)
}

async function expectRuns(drill: Drill, member: Member, version: string): Promise<void> {
  const found = await drill.becomes(
    'member-tells-its-version',
    `${member.name} to answer with its version`,
    async () => done((await member.status()).version),
  )
  drill.expect(
    'member-runs-its-version',
    `${member.name} to run etcd ${version}`,
    found === version,
    found,
  )
}

async function expectOneMemberList(drill: Drill, members: readonly Member[]): Promise<void> {
  const lists = await Promise.all(members.map((member) => listMembers(drill, member)))
  const found = new Set(lists.map(formatMembers))
  drill.expect(
    'mixed-members-list-the-same',
    'members of both versions to list the same members',
    found.size === 1,
    [...found].join(' and '),
  )
  const expected = drill.cluster.members.map(({ name }) => name).sort()
  drill.expect(
    'lists-have-running-members-alone',
    'every member to list those that run, as voters, and none that was removed',
    lists.every((rows) => isListOf(rows, expected)),
    [...found].join(' and '),
  )
}

function isListOf(rows: readonly ListedMember[], names: readonly string[]): boolean {
  const listed = rows.map(({ name }) => name).sort()
  return listed.join() === names.join() && rows.every(({ learner }) => !learner)
}

function formatMembers(rows: readonly ListedMember[]): string {
  return rows
    .map(({ id, name, learner }) => `${name || 'no name'} (${id}${learner ? ', learner' : ''})`)
    .sort()
    .join(', ')
}

async function expectServesAll(
  drill: Drill,
  writer: Member,
  members: readonly Member[],
): Promise<void> {
  const key = `upgrade/${writer.name}`
  const value = `at ${drill.nowNs()}`
  await drill.becomes(
    'mixed-member-serves-writes',
    `${writer.name} to accept a write`,
    async () => {
      const { type, error } = await drill.attempt(writer, { kind: 'put', key, value })
      return type === 'ok' ? done(undefined) : notYet(error ?? type)
    },
  )
  for (const reader of members) {
    const found = await drill.becomes(
      'mixed-member-serves-reads',
      `${reader.name} to serve a read`,
      async () => {
        const { type, error, value: read } = await drill.attempt(reader, { kind: 'get', key })
        return type === 'ok' ? done(read) : notYet(error ?? type)
      },
    )
    drill.expect(
      'mixed-members-read-each-other',
      `${reader.name} to read what ${writer.name} wrote`,
      found === value,
      `${found}`,
    )
  }
}

/** The leader decides on it by the versions of all members, which it asks for every few seconds. */
export async function untilClusterVersion(drill: Drill, version: string): Promise<void> {
  const expected = clusterVersionFor(version)
  const { cluster } = drill
  await drill.becomes(
    'cluster-version-follows-members',
    `every member to name the cluster version ${expected}`,
    async () => {
      const all = await Promise.all(cluster.members.map((member) => readVersions(cluster, member)))
      const found = [...new Set(all.map(({ etcdcluster }) => etcdcluster))].join(', ')
      return found === expected ? done(undefined) : notYet(found)
    },
    { deadlineMs: drill.deadlines.membershipMs, intervalMs: 250 },
  )
}

/** A cluster whose members differ, or were rolled back, keeps the version of its oldest. */
export async function expectClusterVersion(drill: Drill, version: string): Promise<void> {
  const { cluster } = drill
  const expected = clusterVersionFor(version)
  for (const member of cluster.members) {
    const { etcdcluster } = await readVersions(cluster, member)
    drill.expect(
      'cluster-keeps-version-of-oldest',
      `${member.name} to name the cluster version ${expected}`,
      etcdcluster === expected,
      etcdcluster,
    )
  }
}
