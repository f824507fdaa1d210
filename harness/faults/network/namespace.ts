import { randomBytes } from 'node:crypto'
import type { Cluster, Member } from '../../cluster/types.ts'
import { FaultError, stillRuns } from '../define.ts'

/** A line of packet filter rules in one member's network namespace. */
export interface Rules {
  readonly member: Member
  readonly table: 'filter' | 'nat' | 'mangle'
  readonly hook: 'INPUT' | 'OUTPUT'
  /** Arguments of iptables after the chain's name. */
  readonly rules: readonly string[]
}

/** Tells one injection's rules and processes from all others'. */
export function drawToken(): string {
  return `GAUNTLET-${randomBytes(5).toString('hex')}`
}

/** A shell script in the member's network namespace; its output. Stops at the first failure. */
export async function inNamespace(member: Member, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await member.inNetwork(['sh', '-ec', script])
  if (exitCode === 0) return stdout.trim()
  const said = (stderr || stdout).trim().replaceAll(/\s*\n\s*/g, ' ')
  throw new FaultError(
    `Expected the network of ${member.name} to be changed, got exit ${exitCode}: ${said}`,
    { member: member.name, script },
  )
}

/**
 * The same for a way back: a member that does not run has lost its namespace, and whatever was done
 * there with it.
 */
export async function healNamespace(
  cluster: Cluster,
  member: Member,
  script: string,
): Promise<void> {
  if (!(await stillRuns(cluster, member))) return
  try {
    await inNamespace(member, script)
  } catch (thrown) {
    if (await stillRuns(cluster, member)) throw thrown
  }
}

/** In a chain of the token's own: equal rules of two faults do not undo one another. */
export async function addRules(
  token: string,
  { member, table, hook, rules }: Rules,
): Promise<void> {
  const iptables = `iptables -w -t ${table}`
  await inNamespace(
    member,
    [
      `${iptables} -N ${token}`,
      ...rules.map((rule) => `${iptables} -A ${token} ${rule}`),
      `${iptables} -I ${hook} -j ${token}`,
    ].join('\n'),
  )
}

/**
 * Nothing where they are not, or not any more. Whether they are is asked and asked again: an iptables
 * that fails for a reason of its own must not pass for rules that are gone.
 */
export async function removeRules(
  cluster: Cluster,
  token: string,
  { member, table, hook }: Omit<Rules, 'rules'>,
): Promise<void> {
  const iptables = `iptables -w -t ${table}`
  await healNamespace(
    cluster,
    member,
    `rules=$(${iptables} -S)
case "$rules" in *${token}*) ;; *) exit 0;; esac
${iptables} -D ${hook} -j ${token} || true
${iptables} -F ${token}
${iptables} -X ${token}
rules=$(${iptables} -S)
case "$rules" in *${token}*) echo "${token} is still there"; exit 1;; esac`,
  )
}
