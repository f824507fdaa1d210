import type { Cluster, Member } from '../../cluster/types.ts'
import { FaultError, forAll, idempotentUndo, injectOrUndo } from '../define-fault.ts'
import type { Undo } from '../fault.ts'
import { seedOf } from '../seed-of.ts'
import { toolboxProgram } from '../toolbox.ts'
import type { Link } from './links.ts'
import { addRules, drawToken, healNamespace, removeRules } from './namespace.ts'
import { cutConnections } from './reset-connections.ts'

export interface Delay {
  readonly delayMs: number
  readonly jitterMs: number
  readonly seed: number | undefined
}

/** One member and the connections that it opens to its peers. */
interface Dialler {
  readonly member: Member
  readonly peers: readonly Peer[]
}

interface Peer {
  readonly member: Member
  /** What the dialler sends is delayed, and what it gets back. */
  readonly up: boolean
  readonly down: boolean
}

/** Connections that leave the proxy carry it, and are not sent into the proxy again. */
const mark = '0x6761'

/**
 * Leads the peer connections of both ends of each link through a proxy in the dialler's namespace,
 * which holds the bytes of the given directions back. The address that the peer sees stays the
 * dialler's. Old connections are reset, so that all go that way.
 */
export function delayByProxy(
  cluster: Cluster,
  links: readonly Link[],
  delay: Delay,
): Promise<Undo> {
  const token = drawToken()
  const diallers = diallersOf(links)
  const rerouting = { table: 'nat', hook: 'OUTPUT' } as const
  return injectOrUndo(
    () =>
      forAll(diallers, async ({ member, peers }) => {
        const port = await startProxy(member, { token, peers, delay })
        const rules = peers.map(
          (peer) =>
            `-p tcp -d ${peer.member.address} --dport ${cluster.spec.ports.peer} ` +
            `-m mark ! --mark ${mark} -j REDIRECT --to-ports ${port}`,
        )
        await addRules(token, { member, ...rerouting, rules })
        await cutConnections(
          member,
          peers.map((peer) => ({ from: member, to: peer.member })),
        )
      }),
    idempotentUndo(async () => {
      await forAll(diallers, async ({ member }) => {
        await removeRules(cluster, token, { member, ...rerouting })
        await healNamespace(cluster, member, toolboxProgram('end-programs.sh', token))
      })
    }, 'proxy'),
  )
}

function diallersOf(links: readonly Link[]): Dialler[] {
  const has = (from: Member, to: Member) =>
    links.some((link) => link.from === from && link.to === to)
  const members = [...new Set(links.flatMap(({ from, to }) => [from, to]))]
  return members.map((member) => ({
    member,
    peers: members
      .map((peer) => ({ member: peer, up: has(member, peer), down: has(peer, member) }))
      .filter(({ up, down }) => up || down),
  }))
}

/** Returns the port of the proxy, which runs on in the background and is found by the token. */
async function startProxy(
  member: Member,
  { token, peers, delay }: { token: string; peers: readonly Peer[]; delay: Delay },
): Promise<number> {
  const plan = {
    mark: Number(mark),
    delayS: delay.delayMs / 1_000,
    jitterS: delay.jitterMs / 1_000,
    seed: seedOf('latency', member.name, delay.seed),
    peers: Object.fromEntries(
      peers.map((peer) => [peer.member.address, { up: peer.up, down: peer.down }]),
    ),
  }
  const argv = toolboxProgram('delay-proxy.py', token, JSON.stringify(plan))
  const { exitCode, stdout, stderr } = await member.inNetwork(argv)
  const port = Number(stdout.trim())
  if (exitCode === 0 && port > 0) return port
  throw new FaultError(
    `Expected the delay proxy of ${member.name} to listen, got: ${stderr.trim()}`,
  )
}
