import type { Cluster, Member } from '../../cluster/types.ts'
import { FaultError } from '../define-fault.ts'

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
