import type { Cluster, Member } from '../../cluster/types.ts'
import { toolboxProgram } from '../toolbox.ts'

/** Measures between members' network namespaces, beside etcd: packets, round trips, rates. */

const datagramPort = 9_990
const transferPort = 9_991
const countFile = '/tmp/count'

async function measure(member: Member, program: string, ...args: readonly (string | number)[]) {
  const ran = await member.inNetwork(toolboxProgram(program, ...args))
  if (ran.exitCode !== 0) throw new Error(`Expected a measurement, got: ${ran.stderr}`)
  return ran.stdout.trim()
}

/** How many of so many datagrams that one member's namespace sends arrive in another's. */
export async function arriving(from: Member, to: Member, sent = 20): Promise<number> {
  const countOf = async () => (await to.inNetwork(['cat', countFile])).stdout.trim()
  if ((await countOf()) === '') await measure(to, 'count-datagrams.py', datagramPort, countFile)
  const before = Number(await countOf())
  await measure(from, 'send-datagrams.py', to.address, datagramPort, sent)
  const counted = async () => Number(await countOf()) - before
  return untilAllOrQuiet(counted, sent)
}

const quietMs = 500

/** On a busy machine the counter is late: a packet is missing only once the count stands still. */
async function untilAllOrQuiet(counted: () => Promise<number>, all: number): Promise<number> {
  let [count, sinceMs] = [await counted(), performance.now()]
  while (count < all && performance.now() - sinceMs < quietMs) {
    const now = await counted()
    if (now !== count) [count, sinceMs] = [now, performance.now()]
  }
  return count
}

/** A first exchange with a peer's port, in milliseconds (the median of some), or the name of the error. */
export async function roundTrip(cluster: Cluster, from: Member, to: Member) {
  const said = await measure(from, 'round-trip.py', to.address, cluster.spec.ports.peer)
  return Number.isNaN(Number(said)) ? said : Number(said)
}

/** How long so many bytes take to arrive in another member's namespace. */
export async function transferMs(from: Member, to: Member, bytes: number): Promise<number> {
  const [tookMs] = await Promise.all([
    measure(to, 'receive-bytes.py', transferPort, bytes),
    measure(from, 'send-bytes.py', to.address, transferPort, bytes),
  ])
  return Number(tookMs)
}

/** Ends of the peer connections that a member has with another, as `address:port`. */
export async function connections(from: Member, to: Member): Promise<string[]> {
  const { stdout } = await from.inNetwork(['ss', '-tnH', 'state', 'established', 'dst', to.address])
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/).slice(2, 4).join(' '))
}

/** Everything that a fault may have left in a member's namespace: rules, queues, processes. */
export async function traces(member: Member): Promise<string> {
  const script =
    'iptables-save | grep GAUNTLET[-]; tc qdisc show dev eth0 | grep -E "htb|netem|tbf"; ' +
    'grep -l GAUNTLET[-] /proc/[0-9]*/cmdline 2>/dev/null; true'
  return (await member.inNetwork(['sh', '-c', script])).stdout.trim()
}
