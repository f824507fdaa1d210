import { expect, test } from 'vitest'
import { leaseChecker } from './lease.ts'
import {
  begun,
  fault,
  granted,
  judged,
  kept,
  leader,
  ns,
  put,
  quickS,
  read,
  revoked,
  type StoryPart,
  verdict,
} from './testing/lease-story.ts'

test('a key is there while its lease is kept alive and gone after that', () => {
  const whole = judged(...begun, kept(3), read(5, 'v'), read(8, null), read(12, null))
  expect(whole).toMatchObject({ verdict: 'valid', evidence: { kept: 1, expired: 1, revoked: 0 } })
})

test('a key missing before its lease ends is invalid, before and after the last renewal', () => {
  expect(judged(...begun, read(3.5, null))).toMatchObject({
    verdict: 'invalid',
    reason: 'a was missing at 3.51 s, expected lease 7 kept until 4.00 s',
    evidence: { guarantee: 'kept', partition: 'a' },
  })
  expect(verdict(...begun, kept(3), read(5.5, null))).toBe('invalid')
  expect(verdict(...begun, kept(3), read(6.5, null))).not.toBe('invalid')
})

test('a violation names the lease, the requests that show it, and the bound that they cross', () => {
  const violationsOf = (...parts: StoryPart[]) => judged(...begun, ...parts).evidence?.violations
  const ofKey = { lease: '7', partition: 'a', culprit: 2, put: 0 }
  expect(violationsOf(kept(2), read(3.5, null))).toMatchObject([
    { ...ofKey, code: 'lost-while-kept-alive', keptFromNs: ns(2), keptUntilNs: ns(5) },
  ])
  expect(violationsOf(revoked(1.5), read(2, 'v'))).toMatchObject([
    { ...ofKey, code: 'alive-after-revoke', goneSinceNs: ns(1.5 + quickS) },
  ])
  expect(violationsOf(read(9.1, 'v'))).toMatchObject([
    { ...ofKey, code: 'alive-after-expiry', goneSinceNs: ns(9 + quickS) },
  ])
  // The third request of leases.jsonl: entries 4 and 5.
  expect(violationsOf(kept(2), kept(3, { ttlS: 2 }))).toMatchObject([
    { code: 'wrong-ttl', lease: '7', partition: 'lease 7', request: 4 },
  ])
})

test('of many violations the evidence has the first twenty', () => {
  const reads = Array.from({ length: 30 }, (_, at) => read(1.2 + at / 20, null))
  const { evidence } = judged(...begun, ...reads)
  expect(evidence?.violations).toHaveLength(20)
  expect(evidence?.violationsFound).toBe(30)
})

test('a renewal that was not acknowledged keeps no key', () => {
  for (const type of ['info', 'fail', 'never']) {
    expect(verdict(...begun, kept(3, { type }), read(5.5, null))).not.toBe('invalid')
  }
  expect(verdict(...begun, kept(4.1, { ttlS: 0 }), read(5.5, null))).not.toBe('invalid')
})

test('a key whose put or revoke is unknown may be missing', () => {
  for (const type of ['info', 'fail'] as const) {
    expect(verdict(granted(1), put(1.1, type), read(2, null))).not.toBe('invalid')
  }
  for (const type of ['ok', 'info', 'never']) {
    expect(verdict(...begun, revoked(1.5, type), read(2, null))).not.toBe('invalid')
  }
  expect(verdict(...begun, revoked(3, 'ok'), read(2, null))).toBe('invalid')
})

test('a key there after the revoke of its lease is invalid', () => {
  expect(judged(...begun, revoked(1.5), read(2, 'v')).evidence?.guarantee).toBe('revoked')
  expect(verdict(...begun, revoked(1.5, 'info'), read(2, 'v'))).not.toBe('invalid')
})

test('a key there beyond its time and the slack is invalid', () => {
  expect(judged(...begun, read(9.1, 'v')).evidence?.guarantee).toBe('expired')
  expect(verdict(...begun, read(8.9, 'v'))).not.toBe('invalid')
  expect(verdict(...begun, kept(3), read(10.9, 'v'))).not.toBe('invalid')
  expect(verdict(...begun, kept(3), read(11.1, 'v'))).toBe('invalid')
})

test('an unacknowledged renewal may count until it can no longer take effect', () => {
  for (const type of ['info', 'never']) {
    expect(verdict(...begun, kept(3, { type }), read(20.5, 'v'))).not.toBe('invalid')
    expect(verdict(...begun, kept(3, { type }), read(21.5, 'v'))).toBe('invalid')
  }
})

test('a new leader and the end of a fault give a lease its whole time again', () => {
  expect(verdict(...begun, leader(3), read(10.9, 'v'))).not.toBe('invalid')
  expect(verdict(...begun, leader(3), read(11.1, 'v'))).toBe('invalid')
  expect(verdict(...begun, fault(2, 3), read(10.9, 'v'))).not.toBe('invalid')
  expect(verdict(...begun, fault(2, 3), read(11.1, 'v'))).toBe('invalid')
  expect(verdict(...begun, fault(2, Infinity), read(50, 'v'))).not.toBe('invalid')
})

test('a renewal through a member under a fault keeps no key', () => {
  const at = (member: string) => [...begun, fault(1.5, 2), kept(3, { member }), read(5.5, null)]
  expect(verdict(...at('m2'))).not.toBe('invalid')
  expect(verdict(...at('m1'))).toBe('invalid')
  const later = [...begun, fault(1.5, 2), kept(4.5, { member: 'm2' }), read(6, null)]
  expect(verdict(...later)).toBe('invalid')
})

test('a renewal that was acknowledged before a fault keeps the key through it', () => {
  expect(verdict(...begun, fault(1.5, 5, ['m1']), read(3, null))).toBe('invalid')
})

test('serializable reads test no lease', () => {
  expect(verdict(...begun, read(3, null, true), read(30, 'v', true))).toBe('unknown')
})

test('without reads that test it a guarantee is unknown', () => {
  expect(judged(...begun, read(2, 'v')).reason).toMatch(/none|no read came .* expired/)
  expect(judged(...begun, read(20, null))).toMatchObject({ verdict: 'unknown' })
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  expect(leaseChecker.check({ history: { header, events: [] } }).verdict).toBe('unknown')
})

test('clients that wait for no expiry prove what they have time for, and nothing without a read', () => {
  const hurried: StoryPart = (story) => {
    story.waitsForExpiry = false
  }
  expect(judged(hurried, ...begun, read(2, 'v'))).toMatchObject({
    verdict: 'valid',
    evidence: { kept: 1, expired: 0 },
  })
  expect(judged(hurried, ...begun, revoked(2), read(3, null))).toMatchObject({
    verdict: 'valid',
    evidence: { kept: 0, revoked: 1 },
  })
  expect(judged(hurried, ...begun).reason).toMatch(/no read came .* kept/)
  expect(judged(hurried, ...begun, read(2, null)).verdict).toBe('invalid')
})

test('of 200 valid histories each becomes invalid by any inverted answer', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const renewals = Array.from({ length: seed % 5 }, (_, at) => 1.5 + at * (1 + (seed % 7) / 5))
    const untilS = (renewals.at(-1) ?? 1) + 3
    const times = [1.2, untilS - 0.5, untilS - 0.1, untilS + 5.5, untilS + 20 + seed / 10]
    const reads = (turned: number) =>
      times.map((atS, at) => read(atS, atS < untilS === (at !== turned) ? 'v' : null))
    const story = (turned: number) =>
      judged(...begun, ...renewals.map((atS) => kept(atS)), ...reads(turned))
    expect(story(-1).verdict).toBe('valid')
    for (const turned of times.keys()) expect(story(turned).verdict).toBe('invalid')
  }
})

test('where clients wait for expiry, a revoked lease must have been read, too', () => {
  const waits: StoryPart = (story) => {
    story.waitsForExpiry = true
  }
  const whole = [waits, ...begun, read(2, 'v'), read(12, null)]
  expect(judged(...whole)).toMatchObject({
    verdict: 'unknown',
    reason: 'no read came when a lease had to be revoked',
  })
})

test('a renewal through a door proves nothing while any member is under a fault', () => {
  const throughDoor = kept(3, { door: 'm1-gateway' })
  expect(verdict(...begun, throughDoor, read(5.5, null))).toBe('invalid')
  const amidFault = [...begun, fault(2.5, 3.5, ['m2'])]
  expect(verdict(...amidFault, kept(3), read(5.5, null))).toBe('invalid')
  expect(verdict(...amidFault, throughDoor, read(5.5, null))).not.toBe('invalid')
})
