import { messageOf } from '../../core/errors.ts'
import type { ProbeMembers } from '../compare-readings.ts'
import { isPresent } from '../define-fault.ts'
import { groupBy, type LinksOf, type Node } from './links.ts'
import { hasTag } from './namespace.ts'

/** A rule in a chain of ours with the packets that it met. */
interface Counted {
  readonly chain: string
  readonly source: string
  readonly jump: string
  readonly packets: number
}

export type Jump = 'DROP' | 'REJECT'

/** What the fault's own rules met of one link; text when they could not be counted. */
export interface LinkReading {
  readonly from: string
  readonly to: string
  readonly packets: number | string
}

export interface PacketProbe<N extends Node, T> {
  readonly links: LinksOf<N, T>
  readonly jump: Jump
  /** Of the chains that the fault adds: another fault's on the same links do not count. */
  readonly tag: string
}

/**
 * Counts the packets that the fault's rules met, in chains that were not there before, link by link.
 * A receiver whose rules could not be read before the fault proves nothing.
 */
export function probePackets<N extends Node, T extends { readonly name: string }>({
  links: linksOf,
  jump,
  tag,
}: PacketProbe<N, T>): ProbeMembers<T> {
  return async (cluster, targets) => {
    const receivers = [...groupBy(linksOf(cluster, targets), 'to')]
    const former = new Map(
      await Promise.all(receivers.map(async ([to]) => [to, await readSafely(to)] as const)),
    )
    const count = async ([to, links]: (typeof receivers)[number]): Promise<LinkReading[]> => {
      const before = former.get(to) ?? 'not read'
      const now = isPresent(cluster, to) ? await readSafely(to) : 'removed'
      return links.map(({ from }) => {
        const packets = countPackets({ before, now }, { source: from.address, jump, tag })
        return { from: from.name, to: to.name, packets }
      })
    }
    return async () => {
      const readings = (await Promise.all(receivers.map(count))).flat()
      return {
        observed: areAllHit(readings, new Set(targets.map(({ name }) => name))),
        expected: `a rule on every link, and packets from and to every target to meet ${jump}`,
        measured: readings.map(({ from, to, packets }) => ({
          at: to,
          what: `packets from ${from} met by ${jump}`,
          now: packets,
        })),
      }
    }
  }
}

/**
 * Whether every link has a rule, and every target lost a packet in each direction that the fault is
 * about. Not on every link: followers send one another little. A link of no target stands for itself.
 */
export function areAllHit(readings: readonly LinkReading[], targets: ReadonlySet<string>): boolean {
  const met = new Map<string, number>()
  for (const { from, to, packets } of readings) {
    if (typeof packets === 'string') return false
    const sides = [
      ...(targets.has(from) ? [`from ${from}`] : []),
      ...(targets.has(to) ? [`to ${to}`] : []),
    ]
    for (const side of sides.length > 0 ? sides : [`${from} to ${to}`]) {
      met.set(side, (met.get(side) ?? 0) + packets)
    }
  }
  return met.size > 0 && [...met.values()].every((packets) => packets > 0)
}

/** The packets that new rules of the tag met from that source; text when that is not known. */
export function countPackets(
  rules: {
    readonly before: readonly Counted[] | string
    readonly now: readonly Counted[] | string
  },
  wanted: { readonly source: string; readonly jump: Jump; readonly tag: string },
): number | string {
  const { before, now } = rules
  if (typeof before === 'string') return `before the fault ${before}`
  if (typeof now === 'string') return now
  const former = new Set(before.map(({ chain }) => chain))
  const own = now.filter(
    ({ chain, source, jump }) =>
      hasTag(chain, wanted.tag) &&
      !former.has(chain) &&
      source === wanted.source &&
      jump === wanted.jump,
  )
  return own.length === 0 ? 'no rule' : own.reduce((sum, { packets }) => sum + packets, 0)
}

async function readSafely(member: Node): Promise<readonly Counted[] | string> {
  try {
    const { exitCode, stdout, stderr } = await member.inNetwork(saveCounters)
    return exitCode === 0 ? parseRules(stdout) : `not read: ${stderr.trim()}`
  } catch (thrown) {
    return `not read: ${messageOf(thrown)}`
  }
}

const saveCounters = ['iptables-save', '-c', '-t', 'filter']
const ruleLine = /^\[(\d+):\d+\] -A (GAUNTLET-\S+) -s ([\d.]+)(?:\/32)? .*-j (\S+)/

/** The rules of our chains in what `iptables-save -c` printed. */
export function parseRules(saved: string): Counted[] {
  return saved.split('\n').flatMap((line) => {
    const [, packets, chain, source, jump] = ruleLine.exec(line) ?? []
    if (!packets || !chain || !source || !jump) return []
    return [{ chain, source, jump, packets: Number(packets) }]
  })
}
