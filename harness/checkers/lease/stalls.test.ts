import { expect, test } from 'vitest'
import type { Effect } from '../../core/effect.ts'
import type { LeaseEntry } from '../../history/logs/lease.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import {
  begun,
  fault,
  granted,
  judged,
  kept,
  type LeaseStory,
  leader,
  put,
  read,
  type StoryPart,
  verdict,
  withoutEffect,
} from '../testing/lease-story.ts'

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
  const lost = (...leaders: StoryPart[]) =>
    verdict(...begun, fault(1.2, 3.5, ['m2'], 'stalls'), ...leaders, kept(3), read(4, null))
  expect(lost()).toBe('invalid')
  expect(lost(leader(9.2))).toBe('invalid')
  expect(lost(leader(8.4))).not.toBe('invalid')
})

test('a leader lost without a fault counts as stalled; one lost to a fault does not', () => {
  expect(verdict(...begun, leader(1.5), read(3, null))).not.toBe('invalid')
  expect(verdict(...begun, fault(1.2, 4), leader(1.5), read(3, null))).toBe('invalid')
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
      (_, at): StoryPart =>
        (story) => {
          const own: LeaseStory = { events: [], entries: [] }
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
