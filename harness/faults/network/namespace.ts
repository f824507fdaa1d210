import { createHash, randomBytes } from 'node:crypto'
import type { Cluster } from '../../cluster/types.ts'
import { FaultError, isStillRunning } from '../define-fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import type { Node } from './links.ts'

/** A line of packet filter rules in one network namespace. */
export interface Rules {
  readonly member: Node
  readonly table: 'filter' | 'nat' | 'mangle'
  readonly hook: 'INPUT' | 'OUTPUT'
  /** Arguments of iptables after the chain's name. */
  readonly rules: readonly string[]
}

/** Tells one injection's rules and processes from all others'; a tag tells its fault, too. */
export function drawToken(tag = ''): string {
  return `${prefixOf(tag)}${randomBytes(5).toString('hex')}`
}

/** Six hex digits that a fault's tokens begin with: the name of a chain is short. */
export function faultTagOf(fault: string): string {
  return createHash('sha256').update(fault).digest('hex').slice(0, 6)
}

/** Whether a token was drawn with the tag. */
export const hasTag = (token: string, tag: string): boolean => token.startsWith(prefixOf(tag))

const prefixOf = (tag: string) => (tag === '' ? 'GAUNTLET-' : `GAUNTLET-${tag}-`)

/** Runs a program in the member's network namespace; its output. Throws a FaultError. */
export async function inNamespace(member: Node, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await member.inNetwork(argv)
  if (exitCode === 0) return stdout.trim()
  const said = (stderr || stdout).trim().replaceAll(/\s*\n\s*/g, ' ')
  throw new FaultError(
    `Expected the network of ${member.name} to be changed, got exit ${exitCode}: ${said}`,
    { member: member.name, argv },
  )
}

/**
 * The same for a way back: a member that does not run has lost its namespace, and whatever was done
 * there with it.
 */
export async function healNamespace(
  cluster: Cluster,
  member: Node,
  argv: readonly string[],
): Promise<void> {
  if (!(await isStillRunning(cluster, member))) return
  try {
    await inNamespace(member, argv)
  } catch (thrown) {
    if (await isStillRunning(cluster, member)) throw thrown
  }
}

/** In a chain of the token's own: equal rules of two faults do not undo one another. */
export async function addRules(
  token: string,
  { member, table, hook, rules }: Rules,
): Promise<void> {
  await inNamespace(member, toolboxProgram('add-rules.sh', table, hook, token, ...rules))
}

/** Nothing where they are not, or not any more. */
export async function removeRules(
  cluster: Cluster,
  token: string,
  { member, table, hook }: Omit<Rules, 'rules'>,
): Promise<void> {
  await healNamespace(cluster, member, toolboxProgram('remove-rules.sh', table, hook, token))
}
