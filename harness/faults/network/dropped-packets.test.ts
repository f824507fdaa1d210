import { expect, test } from 'vitest'
import { areAllHit, countPackets, type LinkReading, parseRules } from './dropped-packets.ts'
import { drawToken, faultTagOf } from './namespace.ts'

const link = (from: string, to: string, packets: number | string): LinkReading => ({
  from,
  to,
  packets,
})

test('every target loses packets in both directions, or an isolation is not observed', () => {
  const two = new Set(['m1', 'm2'])
  const both = [link('m1', 'm3', 4), link('m3', 'm1', 2), link('m2', 'm3', 1), link('m3', 'm2', 7)]
  expect(areAllHit(both, two)).toBe(true)
  for (const missing of both.keys()) {
    const partial = both.map((one, index) => (index === missing ? { ...one, packets: 0 } : one))
    expect(areAllHit(partial, two), `without link ${missing}`).toBe(false)
  }
  expect(areAllHit([], two)).toBe(false)
})

test('an idle link between followers needs a rule and no packet', () => {
  const targets = new Set(['m1'])
  const busy = [link('m1', 'm2', 3), link('m2', 'm1', 3)]
  expect(areAllHit([...busy, link('m1', 'm3', 0), link('m3', 'm1', 0)], targets)).toBe(true)
  expect(areAllHit([...busy, link('m1', 'm3', 0), link('m3', 'm1', 'no rule')], targets)).toBe(
    false,
  )
})

test('a link of no target stands for itself', () => {
  const partitioned = [link('m1', 'm2', 1), link('m2', 'm1', 1), link('m2', 'm3', 0)]
  expect(areAllHit(partitioned, new Set(['m1']))).toBe(false)
})

const wanted = { source: '10.0.0.2', jump: 'DROP', tag: faultTagOf('isolate -j DROP') } as const
const rule = (chain: string, packets: number) => ({
  chain,
  packets,
  source: '10.0.0.2',
  jump: 'DROP',
})

test('rules that could not be read, before or now, prove nothing', () => {
  const own = rule(drawToken(wanted.tag), 5)
  expect(countPackets({ before: [], now: [own] }, wanted)).toBe(5)
  expect(countPackets({ before: 'not read: gone', now: [own] }, wanted)).toMatch('not read: gone')
  expect(countPackets({ before: [], now: 'not read: gone' }, wanted)).toBe('not read: gone')
})

test('a rule that was in force before, of another fault, source or jump counts for nothing', () => {
  const former = rule(drawToken(wanted.tag), 5)
  expect(countPackets({ before: [former], now: [former] }, wanted)).toBe('no rule')
  const foreign = [
    rule(drawToken(faultTagOf('loss -j DROP')), 5),
    rule(drawToken(), 5),
    { ...rule(drawToken(wanted.tag), 5), source: '10.0.0.3' },
    { ...rule(drawToken(wanted.tag), 5), jump: 'REJECT' },
  ]
  expect(countPackets({ before: [], now: foreign }, wanted)).toBe('no rule')
})

test("rules are read from iptables' own format, and a chain's name is not too long for it", () => {
  const chain = drawToken(wanted.tag)
  expect(chain.length).toBeLessThanOrEqual(28)
  const saved = `*filter\n:${chain} - [0:0]\n[7:420] -A ${chain} -s 10.0.0.2/32 -j DROP\n[9:9] -A INPUT -j ${chain}`
  expect(parseRules(saved)).toEqual([rule(chain, 7)])
})
