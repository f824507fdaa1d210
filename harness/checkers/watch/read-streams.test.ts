import { expect, test } from 'vitest'
import type { WatchLog } from '../../history/logs/watch.ts'
import type { CheckInput } from '../checker.ts'
import {
  type ChangeableEntry,
  cancel,
  eventAt,
  goodEvidence,
  judge,
  responses,
} from '../testing/watch-evidence.ts'
import { watchChecker } from '../watch.ts'

test('a previous value may be absent once it is compacted', () => {
  const { history, entries } = goodEvidence()
  delete (eventAt(entries, 10) as { prev?: unknown }).prev
  const header = { format: 'gauntlet-watch/1', fromEmpty: true } as const
  const final = { members: [{ compactRevision: 20 }] } as unknown as NonNullable<
    CheckInput['final']
  >
  expect(
    watchChecker.check({ history, watches: { header, entries } as WatchLog, final }).verdict,
  ).toBe('valid')
})

test('a watch may be cancelled for a reason, or when it is created', () => {
  const judgeCancel = (options: Parameters<typeof cancel>[1]) =>
    judge((entries) => cancel(entries, options)).verdict
  expect(judgeCancel({ after: 'bookmark', reason: 'etcdserver: permission denied' })).toBe('valid')
  expect(judgeCancel({ after: 'created' })).toBe('valid')
})

test('a log that does not record responses asserts nothing by their revisions and cancellations', () => {
  const verdict = judge((entries) => {
    Object.assign(responses(entries)[10] as ChangeableEntry, { revision: 11 })
    cancel(entries, { after: 'bookmark' })
  }, {})
  expect(verdict.verdict).toBe('valid')
})

/** The watcher of m1 is cancelled by a compaction at 25 after its first stream, and goes on there. */
function compact(
  entries: ChangeableEntry[],
  requested: number | undefined,
  compactRevision = 25,
): void {
  const next = entries.filter(({ stream }) => stream === 1)
  for (const one of next.filter(({ events }) => (events?.[0]?.modRevision ?? 99) < 25)) {
    entries.splice(entries.indexOf(one), 1)
  }
  Object.assign(next[0] as ChangeableEntry, { startRevision: 25 })
  const cancel = { type: 'canceled', stream: 0, compactRevision, reason: '', timeNs: 9 }
  const closed = entries.findIndex(({ stream, type }) => stream === 0 && type === 'closed')
  entries.splice(closed, 0, cancel as ChangeableEntry)
  const note = { type: 'compaction', member: 'm1', revision: requested ?? 0, timeNs: 0 }
  if (requested !== undefined) entries.unshift(note as unknown as ChangeableEntry)
}

function judgeCompacted(
  mutate: (entries: ChangeableEntry[]) => void,
  recordsCompactions = true,
  sharesWatches = false,
) {
  const { history, entries } = goodEvidence()
  mutate(entries)
  const records = { recordsCompactions, sharesWatches }
  const header = { format: 'gauntlet-watch/1', fromEmpty: true, ...records } as const
  const final = { members: [{ compactRevision: 25 }] } as unknown as NonNullable<
    CheckInput['final']
  >
  return watchChecker.check({ history, watches: { header, entries } as WatchLog, final })
}

test('a compaction that a client requested may cancel a watcher, and take events from it', () => {
  expect(judgeCompacted((entries) => compact(entries, 25)).verdict).toBe('valid')
  expect(judgeCompacted((entries) => compact(entries, 30)).verdict).toBe('valid')
  expect(judgeCompacted((entries) => compact(entries, undefined), false).verdict).toBe('valid')
})

test('a cancellation is believed up to what was requested to compact', () => {
  for (const requested of [undefined, 20]) {
    expect(judgeCompacted((entries) => compact(entries, requested))).toMatchObject({
      verdict: 'invalid',
      code: 'compaction-not-requested',
    })
  }
  const beyond = judgeCompacted((entries) => compact(entries, 30, 24))
  expect(beyond).toMatchObject({ codes: ['stream-gap'] })
})

test('a watcher that received everything up to a compaction is not cancelled by it', () => {
  const verdict = judgeCompacted((entries) => compact(entries, 30, 20))
  expect(verdict.codes).toContain('compaction-not-requested')
})

test('where watchers share a watch it may be, but by no compaction that no client requested', () => {
  const codesOf = (requested: number) =>
    judgeCompacted((entries) => compact(entries, requested, 20), true, true).codes ?? []
  expect(codesOf(30)).not.toContain('compaction-not-requested')
  expect(codesOf(15)).toContain('compaction-not-requested')
})

test('a previous value is there until a client requests the compaction of its revision', () => {
  const withoutPrev = (requestedAt: 'before' | 'after') =>
    judgeCompacted((entries) => {
      delete (eventAt(entries, 10) as { prev?: unknown }).prev
      const note = { type: 'compaction', member: 'm1', revision: 25, timeNs: 0 }
      const place = requestedAt === 'before' ? 0 : entries.length
      entries.splice(place, 0, note as unknown as ChangeableEntry)
    })
  expect(withoutPrev('before').verdict).toBe('valid')
  expect(withoutPrev('after')).toMatchObject({ code: 'wrong-previous-value' })
})
