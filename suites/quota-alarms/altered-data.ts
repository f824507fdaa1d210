import {
  type Cluster,
  type Drill,
  done,
  etcd,
  type Fault,
  GuaranteeBrokenError,
  type Member,
  notYet,
  peerUrl,
  poll,
} from '../../harness/index.ts'
import { longTimeout } from '../shared/rejection.ts'
import { disarmAll } from './recovery.ts'

/** Beside the workload: a key whose value is easily found in the database file. */
export const markedKey = 'marked/value'
export const marker = 'this-value-was-written-by-a-client'
export const altered = 'THIS-VALUE-WAS-WRITTEN-BY-A-CLIENT'

const replaceInFile = `
import sys
path, old, new = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
data = open(path, 'rb').read()
open(path, 'r+b').write(data.replace(old, new))
print(data.count(old))
`

/**
 * A follower is stopped, one value is altered in its database file, and it starts again: what a
 * failing disk does, and what no checksum of the database notices. Undo replaces the member, since
 * its data cannot be mended, and only then disarms what was raised for it.
 */
export function dataAltered(drill: Drill): Fault {
  return {
    name: 'data-altered',
    description: 'alters a value in the database file of a stopped member and starts it again',
    needs: { targets: 'one', minMembers: 3 },
    inject: async (cluster, [name = '']) => {
      const member = cluster.member(name)
      await etcd.put(drill.client(member), { key: markedKey, value: marker }, longTimeout)
      await member.stop()
      await alterDatabase(cluster, member)
      await member.start()
      return async () => {
        await replaceMember(drill, member)
        await disarmAll(drill)
      }
    },
  }
}

/** The member must be stopped. Throws a BrokenError when the value is not in the file. */
async function alterDatabase(cluster: Cluster, member: Member): Promise<void> {
  const file = `${member.dataDirectory}/member/snap/db`
  const argv = ['python3', '-c', replaceInFile, file, marker, altered]
  const { exitCode, stdout, stderr } = await cluster.tool(argv, {
    toolbox: true,
    dataOf: member.name,
  })
  if (exitCode === 0 && Number(stdout) > 0) return
  throw new GuaranteeBrokenError(
    `expected the marked value in the database file, observed ${stdout}${stderr}`.trim(),
    { expectation: 'written-value-is-in-database' },
  )
}

/** Removed, its data wiped, added again: it gets everything from the others. */
export async function replaceMember(drill: Drill, member: Member): Promise<void> {
  const { cluster } = drill
  const other = await anotherThan(drill, member)
  const client = drill.client(other)
  if (await member.isRunning()) await member.kill()
  await untilRemoved(client, member.name)
  const peerUrls = [peerUrl(cluster.spec, member.address)]
  await poll(async () => done(await etcd.memberAdd(client, { peerUrls }, longTimeout)), {
    what: `${member.name} to be accepted again`,
    deadlineMs: 20_000,
  })
  await member.recreate({ wipeData: true, initialClusterState: 'existing' })
  await poll(
    async () => {
      const { revision } = await member.status()
      return revision > 1 ? done(undefined) : notYet(`revision ${revision}`)
    },
    { what: `${member.name} to get the data from the others`, deadlineMs: 30_000 },
  )
}

/** Until the leader has seen the end of its connection the cluster may be "unhealthy" to it. */
async function untilRemoved(client: etcd.MemberClient, name: string): Promise<void> {
  await poll(
    async () => {
      const row = (await etcd.memberList(client, longTimeout)).find((each) => each.name === name)
      if (row !== undefined) await etcd.memberRemove(client, row.id, longTimeout)
      return done(undefined)
    },
    { what: `${name} to be removed`, deadlineMs: 20_000 },
  )
}

/** The leader, which is not the altered one. */
export async function anotherThan({ cluster }: Drill, member: Member): Promise<Member> {
  const leader = await cluster.leader()
  if (leader.name !== member.name) return leader
  return cluster.members.find(({ name }) => name !== member.name) as Member
}
