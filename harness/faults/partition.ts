import type { Cluster, Member } from '../cluster/types.ts'
import { GauntletError } from '../core/errors.ts'
import type { Fault, Undo } from './fault.ts'

/**
 * Cuts the targets off from every other member by dropping packets in the targets' network
 * namespaces. Clients still reach them: only dropped packets, unlike a removed network, let one
 * see what a minority answers.
 */
export const isolate: Fault = partitionFault('isolate', 'both')

/** The targets' packets no longer reach the others; what the others send still arrives. */
export const dropOutgoing: Fault = partitionFault('drop-outgoing', 'OUTPUT')

/** The others' packets no longer reach the targets; what the targets send still arrives. */
export const dropIncoming: Fault = partitionFault('drop-incoming', 'INPUT')

type Direction = 'INPUT' | 'OUTPUT' | 'both'

interface Rule {
  readonly member: Member
  readonly spec: readonly string[]
}

function partitionFault(name: string, direction: Direction): Fault {
  return {
    name,
    needs: { capabilities: ['sidecar', 'iptables'], minMembers: 2 },
    inject: async (cluster, targets) => {
      const rules = rulesFor(cluster, targets, direction)
      const undo: Undo = async () => {
        await Promise.all(rules.map(remove))
      }
      try {
        await Promise.all(rules.map(add))
      } catch (thrown) {
        await undo()
        throw thrown
      }
      return undo
    },
  }
}

/** One rule a direction and target, with all other sides' addresses in it. */
function rulesFor(cluster: Cluster, targets: readonly string[], direction: Direction): Rule[] {
  const chains = direction === 'both' ? (['INPUT', 'OUTPUT'] as const) : ([direction] as const)
  const others = cluster.members.filter((member) => !targets.includes(member.name))
  return targets.flatMap((target) =>
    chains.flatMap((chain) =>
      others.map((other) => ({
        member: cluster.member(target),
        spec: [chain, chain === 'INPUT' ? '-s' : '-d', other.address, '-j', 'DROP'],
      })),
    ),
  )
}

async function add(rule: Rule): Promise<void> {
  await iptables(rule.member, ['-A', ...rule.spec])
  await iptables(rule.member, ['-C', ...rule.spec])
}

/** A member that was killed or restarted meanwhile lost its namespace, and the rules with it. */
async function remove(rule: Rule): Promise<void> {
  if (!(await rule.member.isRunning())) return
  const present = await rule.member.inNetwork(['iptables', '-w', '-C', ...rule.spec])
  if (present.exitCode === 0) await iptables(rule.member, ['-D', ...rule.spec])
}

async function iptables(member: Member, args: readonly string[]): Promise<void> {
  const result = await member.inNetwork(['iptables', '-w', ...args])
  if (result.exitCode === 0) return
  throw new GauntletError(
    `Expected iptables ${args.join(' ')} to succeed at ${member.name}, got exit ${result.exitCode}: ${result.stderr.trim()}`,
    { code: 'FAULT', exitCode: 3, fields: { member: member.name, args } },
  )
}
