import { expect, test } from 'vitest'
import type { Effect } from '../core/effect.ts'
import type { LeaseEntry, LeaseLog } from '../history/lease-log.ts'
import type { HistoryEvent } from '../history/operations.ts'
import { leaseChecker } from './lease.ts'

/** What happened, in the order of its seconds. */
interface Story {
  readonly events: HistoryEvent[]
  readonly entries: LeaseEntry[]
  waitsForExpiry?: boolean
}

const ns = (atS: number) => Math.round(atS * 1e9)
const quickS = 0.01
let process = 0

type Part = (story: Story) => void

const granted = (atS: number, ttlS = 3): Part => asked('grant', atS, { ttlS }, 'ok')
const kept = (atS: number, more: { type?: string; ttlS?: number; member?: string } = {}): Part =>
  asked('keepalive', atS, { ttlS: more.ttlS ?? 3 }, more.type ?? 'ok', more.member)
const revoked = (atS: number, type = 'ok'): Part => asked('revoke', atS, {}, type)

function asked(f: string, atS: number, ttl: object, type: string, member = 'm1'): Part {
  return ({ entries }) => {
    const request = { process: ++process, f, lease: '7' }
    entries.push({
      type: 'invoke',
      ...request,
      member,
      ...(f === 'grant' && ttl),
      timeNs: ns(atS),
    } as LeaseEntry)
    if (type === 'never') return
    entries.push({ type, ...request, ...ttl, timeNs: ns(atS + quickS) } as LeaseEntry)
  }
}

const leader =
  (atS: number, former?: string): Part =>
  ({ entries }) => {
    const led = former !== undefined && { former }
    entries.push({ type: 'leader', term: 3, timeNs: ns(atS), ...led })
  }

const put =
  (atS: number, type: 'ok' | 'fail' | 'info' = 'ok'): Part =>
  ({ events }) => {
    const at = { process: ++process, f: 'put', key: 'a' }
    events.push({ type: 'invoke', ...at, value: 'v', lease: '7', timeNs: ns(atS) })
    events.push({ type, ...at, timeNs: ns(atS + quickS) })
  }

const read =
  (atS: number, value: string | null, serializable = false): Part =>
  ({ events }) => {
    const at = { process: ++process, f: 'get', key: 'a' }
    const stale = serializable && { serializable }
    events.push({ type: 'invoke', ...at, ...stale, timeNs: ns(atS) })
    events.push({ type: 'ok', ...at, value, timeNs: ns(atS + quickS) })
  }

const fault =
  (fromS: number, toS: number, targets = ['m2'], effect: Effect = 'cuts'): Part =>
  ({ events }) => {
    // Its name says nothing: the checker reads the effect.
    const named = { type: 'fault', name: 'fault', targets, effect } as const
    events.push({ ...named, phase: 'begin', timeNs: ns(fromS) })
    if (toS < Infinity) events.push({ ...named, phase: 'end', timeNs: ns(toS) })
  }

/** As histories have it from before effects were recorded. */
const withoutEffect =
  (fromS: number, toS: number): Part =>
  ({ events }) => {
    const named = { type: 'fault', name: 'isolate', targets: ['m2'] } as const
    events.push({ ...named, phase: 'begin', timeNs: ns(fromS) })
    events.push({ ...named, phase: 'end', timeNs: ns(toS) })
  }

function judged(...parts: Part[]) {
  const story: Story = { events: [], entries: [] }
  for (const part of parts) part(story)
  const { waitsForExpiry } = story
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const leases: LeaseLog = {
    header: {
      format: 'gauntlet-lease/1',
      slackMs: 5_000,
      ...(waitsForExpiry !== undefined && { waitsForExpiry }),
    },
    entries: story.entries,
  }
  story.events.sort((one, other) => one.timeNs - other.timeNs)
  return leaseChecker.check({ history: { header, events: story.events }, leases })
}

const begun = [granted(1), put(1.1)]
const verdict = (...parts: Part[]) => judged(...parts).verdict

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
  const violationsOf = (...parts: Part[]) => judged(...begun, ...parts).evidence?.violations
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

test('a key lost to a stalled leader that comes back is counted and not invalid', () => {
  const gone = (effect: Effect, endS: number) =>
    judged(
      ...begun,
      fault(1.2, endS, ['m2'], effect),
      leader(2),
      kept(3),
      read(4, null),
      read(30, null),
    )
  expect(gone('cuts', 3.5).verdict).toBe('invalid')
  const stalled = gone('stalls', 3.5)
  expect(stalled.verdict).not.toBe('invalid')
  expect(stalled.evidence).toMatchObject({ lostToStalled: 1, kept: 0, expired: 1 })
  const paused = [fault(1.2, 2, ['m2'], 'stalls'), leader(1.8)]
  const long = [...begun, ...paused, kept(9), read(8, 'v'), kept(9.5)]
  expect(verdict(...long, read(10, null))).toBe('invalid')
  const later = judged(
    ...begun,
    ...paused,
    read(3, null),
    granted(20),
    read(21, 'v'),
    read(50, null),
  )
  expect(later).toMatchObject({
    verdict: 'valid',
    reason: expect.stringMatching(/^1 reads missed a key .*15247/),
  })
})

test('a slow leader and a fault of unknown effect excuse a loss as a stall does', () => {
  const lost = (effect: Effect | null) => {
    const before = effect === null ? withoutEffect(1.2, 3.5) : fault(1.2, 3.5, ['m2'], effect)
    return verdict(...begun, before, leader(2), kept(3), read(4, null))
  }
  expect(lost('degrades')).not.toBe('invalid')
  expect(lost(null)).not.toBe('invalid')
  for (const effect of ['stops', 'cuts', 'changes'] as const) {
    expect(lost(effect), effect).toBe('invalid')
  }
})

test('a stall without a new leader excuses no loss', () => {
  const lost = (...leaders: Part[]) =>
    verdict(...begun, fault(1.2, 3.5, ['m2'], 'stalls'), ...leaders, kept(3), read(4, null))
  expect(lost()).toBe('invalid')
  expect(lost(leader(9.2))).toBe('invalid')
  expect(lost(leader(8.4))).not.toBe('invalid')
})

test('a leader lost without a fault counts as stalled; one lost to a fault does not', () => {
  expect(verdict(...begun, leader(1.5), read(3, null))).not.toBe('invalid')
  expect(verdict(...begun, fault(1.2, 4), leader(1.5), read(3, null))).toBe('invalid')
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
  const hurried: Part = (story) => {
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

test('a renewal answers the granted time', () => {
  expect(judged(...begun, kept(2, { ttlS: 2 }))).toMatchObject({
    verdict: 'invalid',
    code: 'wrong-ttl',
    reason: 'keepalive of lease 7 at m1 answered 2 s at 2.01 s, expected 3 s, as granted',
    evidence: { partition: 'lease 7', guarantee: 'time to live' },
  })
  expect(judged(...begun, kept(2, { ttlS: 30 })).code).toBe('wrong-ttl')
  expect(judged(...begun, kept(2)).evidence).toMatchObject({ answers: 2 })
})

test.each(['grant', 'keepalive'])('the answer to a %s names the lease that was asked for', (f) => {
  const ofOther: Part = ({ entries }) => {
    const answer = entries.findLast((one) => one.type === 'ok' && one.f === f)
    Object.assign(answer as LeaseEntry, { otherLease: '8' })
  }
  const verdict = judged(...begun, kept(2), ofOther)
  expect(verdict).toMatchObject({ verdict: 'invalid', code: 'other-lease' })
  expect(verdict.reason).toContain('answered lease 8, 3 s')
  expect(verdict.reason).toContain('expected lease 7, as requested')
})

test('a lease is granted for the requested time or longer', () => {
  const grantedFor = (ttlS: number): Part => {
    return (story) => {
      granted(1)(story)
      Object.assign(story.entries.at(-1) as LeaseEntry, { ttlS })
    }
  }
  expect(judged(grantedFor(2)).code).toBe('wrong-ttl')
  expect(verdict(grantedFor(5))).toBe('unknown')
  expect(verdict(grantedFor(5), kept(2, { ttlS: 5 }))).toBe('unknown')
})

test('a renewal that finds no lease contradicts one that must exist', () => {
  expect(judged(...begun, kept(2.5, { ttlS: 0 }))).toMatchObject({
    verdict: 'invalid',
    code: 'lost-while-kept-alive',
  })
  expect(verdict(...begun, kept(1.5, { ttlS: 0 })), 'the leader may be behind').toBe('unknown')
  expect(verdict(...begun, revoked(2, 'info'), kept(2.5, { ttlS: 0 }))).toBe('unknown')
  expect(verdict(...begun, fault(2, 3, ['m1']), kept(2.5, { ttlS: 0 }))).toBe('unknown')
  const stalled = [fault(1.2, 2, ['m2'], 'stalls'), leader(1.5)]
  expect(verdict(...begun, ...stalled, kept(2.5, { ttlS: 0 }))).toBe('unknown')
})

test('a renewal that finds a lease contradicts one that must be gone', () => {
  expect(judged(...begun, revoked(1.5), kept(8)).code).toBe('alive-after-revoke')
  expect(verdict(...begun, revoked(1.5), kept(6)), 'the leader may be behind').toBe('unknown')
  expect(judged(...begun, kept(9.1)).code).toBe('alive-after-expiry')
  expect(verdict(...begun, kept(8.9))).toBe('unknown')
  expect(verdict(...begun, fault(8, 20), kept(9.1))).toBe('unknown')
})

test('only a stalled member that led excuses a loss', () => {
  const lost = (former: string | undefined) =>
    verdict(...begun, fault(1.2, 3.5, ['m2'], 'stalls'), leader(2, former), kept(3), read(4, null))
  expect([lost(undefined), lost('m2')]).not.toContain('invalid')
  expect(lost('m3')).toBe('invalid')
})

test('a lease that was granted by the new leader is not excused', () => {
  const stalled = fault(0.5, 3.5, ['m2'], 'stalls')
  expect(verdict(stalled, leader(0.8, 'm2'), ...begun, read(3, null))).toBe('invalid')
  expect(verdict(stalled, leader(1.2, 'm2'), ...begun, read(3, null))).not.toBe('invalid')
})

test('more losses than a stalled leader explains leave the verdict unknown', () => {
  const lose = (count: number) => {
    const parts = Array.from(
      { length: count },
      (_, at): Part =>
        (story) => {
          const own: Story = { events: [], entries: [] }
          for (const part of [...begun, read(3, null)]) part(own)
          const lease = `${100 + at}`
          for (const entry of own.entries) story.entries.push({ ...entry, lease } as LeaseEntry)
          for (const event of own.events) {
            story.events.push({ ...event, key: `a${at}`, lease } as HistoryEvent)
          }
        },
    )
    const whole = [granted(20), put(20.1), read(21, 'v'), read(60, null)]
    const stall = [fault(0.9, 2, ['m2'], 'stalls'), leader(1.2, 'm2')]
    return judged(...parts, ...stall, ...whole)
  }
  expect(lose(8).verdict).toBe('valid')
  expect(lose(9)).toMatchObject({ verdict: 'unknown', evidence: { lostToStalled: 9 } })
  expect(lose(9).reason).toMatch(/: 9 leases, too many beside the 1 that were kept$/)
})

test('where clients wait for expiry, a revoked lease must have been read, too', () => {
  const waits: Part = (story) => {
    story.waitsForExpiry = true
  }
  const whole = [waits, ...begun, read(2, 'v'), read(12, null)]
  expect(judged(...whole)).toMatchObject({
    verdict: 'unknown',
    reason: 'no read came when a lease had to be revoked',
  })
})
