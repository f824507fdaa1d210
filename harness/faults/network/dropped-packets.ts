import type { Cluster, Member } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import type { ProbeMembers } from '../compare-readings.ts'
import { groupBy, type Link, type LinksOf } from './links.ts'

/** A rule in a chain of ours with the packets that it met. */
interface Counted {
  readonly chain: string
  readonly source: string
  readonly jump: string
  readonly packets: number
}

export type Jump = 'DROP' | 'REJECT'

/**
 * Counts the packets that rules met which were not there before, on the given links, with the given
 * target. Some link must have met one: members that do not talk to each other lose nothing.
 */
export function probePackets(linksOf: LinksOf, jump: Jump): ProbeMembers {
  return async (cluster, targets) => {
    const receivers = [...groupBy(linksOf(cluster, targets), 'to')]
    const former = new Set((await Promise.all(receivers.map(readChains))).flat())
    return async () => {
      const measured = await Promise.all(
        receivers.map(async ([member, links]) => ({
          at: member.name,
          what: `packets met by ${jump}`,
          now: await countPackets(cluster, member, { links, jump, former }),
        })),
      )
      return {
        observed: measured.some(({ now }) => typeof now === 'number' && now > 0),
        expected: `packets between the members to meet ${jump}`,
        measured,
      }
    }
  }
}

async function readChains([member]: readonly [Member, unknown]): Promise<string[]> {
  return (await readRules(member).catch(() => [])).map(({ chain }) => chain)
}

async function countPackets(
  cluster: Cluster,
  member: Member,
  { links, jump, former }: { links: readonly Link[]; jump: Jump; former: ReadonlySet<string> },
): Promise<number | string> {
  if (!cluster.members.includes(member)) return 'removed'
  const sources = new Set(links.map(({ from }) => from.address))
  try {
    return (await readRules(member))
      .filter((rule) => rule.jump === jump && sources.has(rule.source) && !former.has(rule.chain))
      .reduce((sum, { packets }) => sum + packets, 0)
  } catch (thrown) {
    return `not read: ${messageOf(thrown)}`
  }
}

const ruleLine = /^\[(\d+):\d+\] -A (GAUNTLET-\S+) -s ([\d.]+)(?:\/32)? .*-j (\S+)/

async function readRules(member: Member): Promise<Counted[]> {
  const { stdout } = await member.inNetwork(['iptables-save', '-c', '-t', 'filter'])
  return stdout.split('\n').flatMap((line) => {
    const [, packets, chain, source, jump] = ruleLine.exec(line) ?? []
    if (!packets || !chain || !source || !jump) return []
    return [{ chain, source, jump, packets: Number(packets) }]
  })
}
