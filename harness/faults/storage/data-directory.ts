import type { Cluster, Member } from '../../cluster/types.ts'
import { FaultError } from '../define.ts'

/** Runs a program of the toolbox on a member's data; its output. Throws a FaultError. */
export async function runOnData(
  cluster: Cluster,
  member: Member,
  argv: readonly string[],
): Promise<string> {
  const options = { dataOf: member.name, toolbox: true }
  const { exitCode, stdout, stderr } = await cluster.tool(argv, options)
  if (exitCode === 0) return stdout.trim()
  const said = (stderr || stdout).trim().split('\n').at(-1)
  throw new FaultError(
    `Expected the data of ${member.name} to be worked on, got exit ${exitCode}: ${said}`,
    { member: member.name, argv },
  )
}

export function runShellOnData(cluster: Cluster, member: Member, script: string): Promise<string> {
  return runOnData(cluster, member, ['sh', '-ec', script])
}

/** The one of etcd's write-ahead logs and the one of its database, in a data directory. */
export const walDirectory = (member: Member) => `${member.dataDirectory}/member/wal`
export const databaseFile = (member: Member) => `${member.dataDirectory}/member/snap/db`
