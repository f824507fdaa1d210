import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** A contiguous range of IPv4 addresses, both ends included. */
interface Range {
  readonly first: number
  readonly last: number
}

/**
 * Free /24 networks of the private address space, at most `count`, in an order that starts at a
 * random place so that two runs at once seldom want the same one. A VPN often routes all of
 * 10.0.0.0/8, hence candidates in three blocks.
 */
export function freeSubnets(options: {
  readonly taken: readonly string[]
  readonly count: number
  /** In [0, 1). */
  readonly start: number
}): string[] {
  const taken = options.taken.flatMap(rangeOf)
  const all = candidates()
  const offset = Math.floor(options.start * all.length)
  return [...all.slice(offset), ...all.slice(0, offset)]
    .filter((subnet) => rangeOf(subnet).every((range) => !taken.some((t) => overlap(range, t))))
    .slice(0, options.count)
}

/** `10.213.7.0/24` → `10.213.7.<host>`. */
export function addressIn(subnet: string, host: number): string {
  return subnet.replace(/\d+\/24$/, String(host))
}

/** Networks that this host already reaches: those of its addresses and routes, without the default. */
export function hostSubnets(): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ family, cidr }) => (family === 'IPv4' && cidr !== null ? [cidr] : []))
  return [...own, ...routes()]
}

function candidates(): string[] {
  const ten = Array.from({ length: 4 * 64 }, (_, n) => `10.${212 + (n % 4)}.${n >> 2}.0/24`)
  const oneSevenTwo = Array.from({ length: 64 }, (_, n) => `172.30.${n}.0/24`)
  const oneNineTwo = Array.from({ length: 64 }, (_, n) => `192.168.${180 + n}.0/24`)
  return [...ten, ...oneSevenTwo, ...oneNineTwo]
}

/** Linux's table: destination and mask are little-endian hexadecimal. Elsewhere: none known. */
function routes(): string[] {
  try {
    return readFileSync('/proc/net/route', 'utf8').split('\n').slice(1).flatMap(routeOf)
  } catch {
    return []
  }
}

function routeOf(line: string): string[] {
  const [, destination, , , , , , mask] = line.split('\t')
  if (!destination || !mask || mask === '00000000') return []
  const bits = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length
  const octets = destination.match(/../g)?.map((octet) => Number.parseInt(octet, 16)) ?? []
  return [`${octets.reverse().join('.')}/${bits}`]
}

/** Nothing for what is not IPv4. */
function rangeOf(cidr: string): Range[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)
  if (match === null) return []
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number)
  const size = 2 ** (32 - bits)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % size)
  return [{ first, last: first + size - 1 }]
}

function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last
}
