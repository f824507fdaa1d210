import {
  type Cluster,
  type Drill,
  done,
  etcd,
  type Fault,
  faults,
  type Member,
  notYet,
  ToolError,
} from '../../harness/index.ts'
import { addToMemberList, removeFromMemberList } from '../shared/membership.ts'
import { longTimeout } from '../shared/rejection.ts'
import { disarmAll } from './recovery.ts'

/** A key that is not watched, with a value that is easy to find in the database file. */
export const markedKey = 'beside/marked'
const markedValue = 'this-value-was-written-by-a-client'
export const alteredValue = 'THIS-VALUE-WAS-WRITTEN-BY-A-CLIENT'

/** What a scenario that alters data declares. */
export const dataAlteration: Pick<Fault, 'name' | 'effect' | 'needs'> = {
  name: 'data-altered',
  effect: 'damages',
  needs: { targets: 'one', minMembers: 3 },
}

/**
 * Stops a follower, alters one value in its database file and starts it again, as a failing disk
 * does and no checksum of the database notices. Undo replaces the member, because its data cannot be
 * repaired, and then disarms the alarms.
 */
export function dataAltered(drill: Drill): Fault {
  return {
    ...dataAlteration,
    description: 'alters a value in the database file of a stopped member and starts it again',
    probe: faults.flipDatabaseBits().probe,
    inject: async (cluster, [name = '']) => {
      const member = cluster.member(name)
      await etcd.put(drill.client(member), { key: markedKey, value: markedValue }, longTimeout)
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

/**
 * The member must be stopped. Throws a ToolError when the value is not altered: no guarantee of etcd
 * says where in its file a value lies, and the checkers judge whether it was kept.
 */
async function alterDatabase(cluster: Cluster, member: Member): Promise<void> {
  const { dataDirectory, name } = member
  const argv = faults.toolboxProgram('replace-value.py', dataDirectory, markedValue, alteredValue)
  const { exitCode, stderr } = await cluster.tool(argv, { toolbox: true, dataOf: name })
  if (exitCode === 0) return
  throw new ToolError(
    `Expected the toolbox to alter the marked value of ${name}, got exit status ${exitCode}: ${stderr.trim()}`,
    { member: name, exitCode },
  )
}

/** Removes the member, wipes its data and adds it again, so that the others send it everything. */
async function replaceMember(drill: Drill, member: Member): Promise<void> {
  const through = await findOtherMember(drill, member)
  const { name } = member
  if (await member.isRunning()) await member.kill()
  await removeFromMemberList(drill, { through, name })
  const { initialCluster } = await addToMemberList(drill, { through, name })
  await member.recreate({ wipeData: true, initialClusterState: 'existing', initialCluster })
  // Not until it is healthy: the alarm is still on.
  await drill.becomes(
    'replaced-member-receives-data',
    `${name} to receive the data of the others`,
    async () => {
      const { revision } = await member.status()
      return revision > 1 ? done(undefined) : notYet(`revision ${revision}`)
    },
    { deadlineMs: drill.deadlines.healthyMs },
  )
}

/** The leader, or another member when the leader is the given one. */
export async function findOtherMember({ cluster }: Drill, member: Member): Promise<Member> {
  const leader = await cluster.leader()
  if (leader.name !== member.name) return leader
  return cluster.members.find(({ name }) => name !== member.name) as Member
}
