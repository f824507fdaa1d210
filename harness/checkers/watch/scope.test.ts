import { expect, test } from 'vitest'
import type { WatchedEvent, WatchOpening } from '../../history/logs/watch.ts'
import { type ChangeableEntry, judge } from '../testing/watch-evidence.ts'

/** A watcher of m1 that starts late, at revision 20, and receives everything from there on. */
function comeLate(entries: ChangeableEntry[]): ChangeableEntry[] {
  const [stream, start] = [9, 20]
  const later = entries.filter((one) => (one.events?.[0]?.modRevision ?? 0) >= start)
  const received = later.filter((one) => entries[0] && (one.stream === 0 || one.stream === 1))
  const opened = { type: 'open', stream, member: 'm1', watcher: 'late', startRevision: start }
  const late = [opened, ...received.map((one) => ({ ...one, stream }))] as ChangeableEntry[]
  entries.push(...late.map((one) => ({ ...one, timeNs: 9 }) as ChangeableEntry))
  return entries.slice(-late.length)
}

test('a late watcher receives events from its start on, and resumes no other watcher', () => {
  const verdict = judge((entries) => void comeLate(entries))
  expect(verdict).toMatchObject({ verdict: 'valid', evidence: { watchers: 2, late: 1 } })
})

test('a late watcher must receive the event at its start', () => {
  const verdict = judge((entries) => {
    const [, first] = comeLate(entries)
    entries.splice(entries.indexOf(first as ChangeableEntry), 1)
  })
  expect(verdict.reason).toMatch(/watch at m1 is not reliable: .* at revision 20 is missing/)
})

/** A late watcher that asked for less than everything, and receives what these keep. */
function judgeScope(
  scope: Partial<WatchOpening>,
  keeps: (event: WatchedEvent) => boolean,
  change: (entries: ChangeableEntry[]) => void = () => {},
) {
  return judge((entries) => {
    const late = comeLate(entries)
    Object.assign(late[0] as ChangeableEntry, scope)
    for (const one of late.filter(({ events }) => events)) {
      one.events = one.events?.filter(keeps) ?? []
      if (one.events.length === 0) entries.splice(entries.indexOf(one), 1)
    }
    change(late.filter(({ events = [] }) => events.length > 0))
  })
}

test('a watcher of some keys misses no event of the others, and must receive its own', () => {
  const some = { key: 'k1', end: 'k2' }
  expect(judgeScope(some, ({ key }) => key === 'k1').verdict).toBe('valid')
  const [one, all] = [{ key: 'k2' }, { key: 'k1', end: '\0' }]
  expect(judgeScope(one, ({ key }) => key === 'k2').verdict).toBe('valid')
  expect(judgeScope(all, ({ key }) => key >= 'k1').verdict).toBe('valid')
  expect(judgeScope(all, ({ key }) => key === 'k2').codes).toEqual(['event-missing'])
})

test('a watcher receives no event that it has not asked for', () => {
  const codes = ['event-not-asked-for']
  expect(judgeScope({ key: 'k1', end: 'k2' }, () => true).codes).toEqual(codes)
  expect(judgeScope({ key: 'k1' }, () => true).codes).toEqual(codes)
  expect(judgeScope({ without: ['delete'] }, () => true).codes).toEqual(codes)
})

test('a watcher without deletes misses none, and judges no previous version by them', () => {
  const without = ['delete' as const]
  expect(judgeScope({ without }, ({ type }) => type === 'put').verdict).toBe('valid')
  expect(judgeScope({}, ({ type }) => type === 'put').codes).toContain('event-missing')
})

test('a watcher that asked for no previous values receives none', () => {
  const drop = (entries: ChangeableEntry[]) => {
    for (const one of entries) one.events = one.events?.map(({ prev: _, ...rest }) => rest) ?? []
  }
  expect(judgeScope({ prevKv: false }, () => true, drop).verdict).toBe('valid')
  expect(judgeScope({}, () => true, drop).codes).toEqual(['wrong-previous-value'])
})

test('a late watcher that receives nothing changes no verdict', () => {
  const silent = (entries: ChangeableEntry[]) => {
    for (const one of comeLate(entries).slice(1)) entries.splice(entries.indexOf(one), 1)
  }
  expect(judge(silent).verdict).toBe('valid')
  const ownSilent = (entries: ChangeableEntry[]) => {
    comeLate(entries)
    const own = entries.filter(({ stream, events }) => stream < 2 && events)
    const said = entries.filter(({ stream, type }) => stream < 2 && type === 'bookmark')
    for (const one of [...own, ...said]) entries.splice(entries.indexOf(one), 1)
    for (const one of entries) {
      if (one.type === 'open' && one.stream < 2) Object.assign(one, { startRevision: 2 })
    }
  }
  expect(judge(ownSilent)).toMatchObject({ verdict: 'unknown' })
})
