import { expect, test } from 'vitest'
import type { LeaseEntry } from '../../history/logs/lease.ts'
import {
  begun,
  fault,
  granted,
  judged,
  kept,
  leader,
  revoked,
  type StoryPart,
  verdict,
} from '../testing/lease-story.ts'

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
  const ofOther: StoryPart = ({ entries }) => {
    const answer = entries.findLast((one) => one.type === 'ok' && one.f === f)
    Object.assign(answer as LeaseEntry, { otherLease: '8' })
  }
  const verdict = judged(...begun, kept(2), ofOther)
  expect(verdict).toMatchObject({ verdict: 'invalid', code: 'other-lease' })
  expect(verdict.reason).toContain('answered lease 8, 3 s')
  expect(verdict.reason).toContain('expected lease 7, as requested')
})

test('a lease is granted for the requested time or longer', () => {
  const grantedFor = (ttlS: number): StoryPart => {
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
