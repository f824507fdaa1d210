import { expect, test } from 'vitest'
import { type ChangeableEntry, eventAt, judge } from '../testing/watch-evidence.ts'

test.each(['created', 'events'])('no header of %s is newer than the store was then', (type) => {
  const ahead = (entries: ChangeableEntry[]) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as ChangeableEntry
    // Each put was sent at 1 ns: a client that reads later finds the store at its first revision.
    Object.assign(early, { timeNs: 0, revision: 3 })
  }
  expect(judge(ahead).codes).toContain('ahead-of-store')
  expect(judge(ahead, {}).codes ?? []).not.toContain('ahead-of-store')
})

test.each(['bookmark', 'events'])('no %s is newer than the store was when it came', (type) => {
  const verdict = judge((entries) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as ChangeableEntry
    // Each put was sent at 1 ns: a client that reads later finds the store at its first revision.
    Object.assign(early, { timeNs: 0 })
    if (type === 'events') eventAt(entries, 0).modRevision = 3
  })
  expect(verdict.codes).toContain('ahead-of-store')
  const late = judge((entries, history) => {
    const early = entries.find((one) => one.type === type && one.stream === 0) as ChangeableEntry
    Object.assign(early, { timeNs: 0 })
    for (const event of history.events) Object.assign(event, { serializable: true, f: 'get' })
  })
  expect(late.codes ?? []).not.toContain('ahead-of-store')
})
