import type { Member } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import { compareReadings } from '../compare-readings.ts'
import { defineFault } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { delayByProxy } from './delay-by-proxy.ts'
import { outgoing } from './links.ts'
import { firstPeer, roundTripMs } from './measure-links.ts'
import { shapeLinks } from './shaping.ts'

/** How much slower the targets' messages arrive, and by what means. */
export interface LatencyOptions {
  /** Added to all that the targets send to the others: round trips take that much longer. */
  readonly delayMs: number
  /** Up to that much more, at random. Default 0. */
  readonly jitterMs?: number
  /** Seeds the proxy's jitter, such as the drill's seed; the kernel's takes none. Default: the names. */
  readonly seed?: number
  /** Default: the kernel's where it has it. */
  readonly way?: 'netem' | 'proxy'
}

/** The share of the delay that must show: load may have made the exchanges before it slow, too. */
const leastShare = 0.8
/** Exchanges in one look, which lasts as many delays. The median of two would be the slower one. */
const exchanges = 3

/**
 * Delays what the targets send to the other members: by the kernel's netem, packet by packet, or
 * where it has none by a proxy on the peer connections. The undo's `detail` says which. The proxy
 * delays the bytes of the peers' TCP connections and nothing else: a connection's handshake is not
 * slower, and a lost packet costs no delayed retransmission. Either way it begins with the peer
 * connections cut or delayed at once, not with those to come.
 */
export function latency({ delayMs, jitterMs = 0, way, seed }: LatencyOptions): Fault {
  if (!(delayMs > 0 && jitterMs >= 0)) {
    throw new InputError(
      `Expected \`delayMs\` above 0 and \`jitterMs\` from 0, got ${delayMs} and ${jitterMs}`,
    )
  }
  return defineFault({
    name: 'latency',
    description: `delays what the targets send to the others by ${delayMs} ms`,
    needs: { capabilities: ['sidecar', 'iptables'], minMembers: 2 },
    effect: 'degrades',
    isGradual: true,
    probe: compareReadings<number>({
      expected: `round trips to take ${delayMs} ms longer`,
      what: 'round trip in ms',
      read: (member, cluster, targets) => {
        const to = firstPeer(cluster, targets, member)
        return roundTripMs(cluster, { from: member, to, count: exchanges })
      },
      isObserved: (before, now) => now - before >= leastShare * delayMs,
      summarize: lowerMedian,
      format: (ms) => Math.round(ms),
    }),
    inject: async (cluster, targets) => {
      const links = outgoing(cluster, targets)
      const chosen = way ?? ((await hasNetem(targets[0])) ? 'netem' : 'proxy')
      if (chosen === 'proxy') return delayByProxy(cluster, links, { delayMs, jitterMs, seed })
      const jitter = jitterMs > 0 ? [`${jitterMs}ms`] : []
      const leaf = ['netem', 'limit', '100000', 'delay', `${delayMs}ms`, ...jitter]
      return shapeLinks(cluster, links, { leaf }, 'netem')
    },
  })
}

/** The lower one of the two in the middle: half of the looks must be as slow as that. */
export function lowerMedian(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

/** Tried on the loopback, where nothing of the member's goes that would notice. */
async function hasNetem(member: Member | undefined): Promise<boolean> {
  const tried = await member?.inNetwork([
    'sh',
    '-c',
    'tc qdisc add dev lo root netem delay 0ms && tc qdisc del dev lo root',
  ])
  return tried?.exitCode === 0
}
