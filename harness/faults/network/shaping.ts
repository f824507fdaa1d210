import type { Cluster, Member } from '../../cluster/types.ts'
import { forAll, idempotentUndo, injectOrUndo } from '../define.ts'
import type { Undo } from '../fault.ts'
import { groupBy, type Link } from './links.ts'
import { addRules, drawToken, healNamespace, inNamespace, removeRules } from './namespace.ts'

/** Every member has one network and no other. */
export const device = 'eth0'

export interface Shape {
  /** Of all that a sender sends to its peers, together. Default: as fast as the machine can. */
  readonly bytesPerS?: number
  /** A queue below, as tc's words: `netem delay 50ms`. */
  readonly leaf?: string
}

/**
 * Gives what the senders send to their peers a class of its own; clients are not touched. Classes
 * are htb's, packets get theirs from iptables: few kernels are without these. One shape a member
 * at a time: a second one throws.
 */
export function shapeLinks(
  cluster: Cluster,
  links: readonly Link[],
  shape: Shape,
  detail: string,
): Promise<Undo> {
  const token = drawToken()
  const senders = [...groupBy(links, 'from')]
  const marking = { table: 'mangle', hook: 'OUTPUT' } as const
  const heal = async ([member]: readonly [Member, unknown]) => {
    await removeRules(cluster, token, { member, ...marking })
    await removeQueue(cluster, member, handleOf(token))
  }
  return injectOrUndo(
    () =>
      forAll(senders, async ([member, own]) => {
        await inNamespace(member, queueScript(shape, handleOf(token)))
        const rules = own.map(
          ({ to }) => `-d ${to.address} -j CLASSIFY --set-class ${handleOf(token)}:10`,
        )
        await addRules(token, { member, ...marking, rules })
      }),
    idempotentUndo(async () => {
      await forAll(senders, heal)
    }, detail),
  )
}

/** Only that of this handle: another fault's stays. */
export function removeQueue(cluster: Cluster, member: Member, handle: string): Promise<void> {
  return healNamespace(
    cluster,
    member,
    `tc qdisc show dev ${device} root | grep -q " ${handle}: " || exit 0
tc qdisc del dev ${device} root`,
  )
}

/** tc's handles are 16 bits; the token's last ones tell two injections apart. */
export function handleOf(token: string): string {
  return ((Number.parseInt(token.slice(-4), 16) & 0x7ff0) | 0x10).toString(16)
}

function queueScript({ bytesPerS, leaf }: Shape, handle: string): string {
  const tc = (what: string) => `tc ${what}`
  const rate = bytesPerS === undefined ? '10gbit' : `${8 * bytesPerS}bit`
  const burst = bytesPerS === undefined ? '' : burstOf(bytesPerS)
  return [
    tc(`qdisc add dev ${device} root handle ${handle}: htb default 20 r2q 1000`),
    tc(`class add dev ${device} parent ${handle}: classid ${handle}:10 htb rate ${rate}${burst}`),
    tc(`class add dev ${device} parent ${handle}: classid ${handle}:20 htb rate 10gbit`),
    ...(leaf === undefined ? [] : [tc(`qdisc add dev ${device} parent ${handle}:10 ${leaf}`)]),
  ].join('\n')
}

/** A hundredth of a second's worth, and at least two packets. */
function burstOf(bytesPerS: number): string {
  const burst = Math.max(3_200, Math.round(bytesPerS / 100))
  return ` burst ${burst} cburst ${burst}`
}
