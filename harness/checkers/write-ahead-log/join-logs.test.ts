import { expect, test } from 'vitest'
import type { LoggedEntry, LoggedMember } from '../../history/logs/wal.ts'
import {
  check,
  finalOf,
  historyOf,
  onePut,
  put,
  putOk,
  withEnding,
  withEntries,
  withEntry,
  withMembers,
  withOtherContent,
  withoutSecondLog,
} from '../testing/logged-cases.ts'
import { logsOf } from '../testing/logged-simulation.ts'
import { joinLogs } from './join-logs.ts'

test('of logs that are too long the part that was read is compared, and nothing before its end is missing', () => {
  const first = putOk('k', 'v', 2)
  const ending = { kind: 'too-long', reason: 'only the first file' } as const
  const cut = withEnding(logsOf([put('k', 'v')]), ending)
  const later = historyOf(...first, ...putOk('k', 'w', 3))
  const final = finalOf(3, { k: ['w', 3] })
  const verdict = check({ history: later, final, wal: cut })
  expect(verdict.verdict).toBe('valid')
  expect(verdict.reason).toContain('1 acknowledged writes came after that part')
  const before = historyOf(...first, ...putOk('lost', 'w', 2))
  const then = finalOf(2, { k: ['v', 2] })
  expect(check({ history: before, final: then, wal: cut }).verdict).not.toBe('valid')
  const altered = historyOf(...putOk('k', 'v', 3))
  expect(check({ history: altered, final, wal: cut }).verdict).toBe('invalid')
})

test('a log that is missing is a sentence where it does not matter, and a torn end is none', () => {
  expect(check({ ...onePut, wal: withoutSecondLog(onePut.wal) })).toMatchObject({
    verdict: 'valid',
    reason: 'm2 has no log (its volume is gone)',
  })
  const torn = withEnding(onePut.wal, { kind: 'torn', reason: 'byte 9' })
  expect(check({ ...onePut, wal: torn })).not.toHaveProperty('reason')
})

test('two logs that hold different content at one index and term disagree', () => {
  const wal = withOtherContent(onePut.wal)
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'invalid',
    code: 'logs-disagree',
    reason: 'the logs of m1 and m2, and of m3 hold different requests at index 5 of term 2',
  })
})

test('two committed entries of different terms at one index disagree', () => {
  const other: LoggedEntry = { type: 'entry', index: 5, term: 3, request: put('k', 'w') }
  const spans: LoggedMember['spans'] = [
    [2, 1, 4],
    [3, 5, 5],
  ]
  const wal = withMembers(withEntry(other), (line) => ({ ...line, spans }), 'm3')
  expect(check({ ...onePut, wal })).toMatchObject({ code: 'logs-disagree' })
})

test('an entry that its term or its copies do not commit is open, and one that was replaced is none', () => {
  const late: LoggedEntry = { type: 'entry', index: 6, term: 2, request: put('k', 'w') }
  const held = (members: readonly string[], term = 2) =>
    withMembers(withEntry(late), (line) => ({
      ...line,
      term,
      spans: members.includes(line.member) ? [[2, 1, 6]] : [[2, 1, 5]],
    }))
  const final = finalOf(3, { k: ['w', 3] })
  const history = historyOf(...putOk('k', 'v', 2), ...putOk('k', 'w', 3))
  for (const [members, term] of [
    [['m1', 'm2'], 2],
    [['m1', 'm2', 'm3'], 3],
  ] as const) {
    const verdict = check({ history, final, wal: held(members, term) })
    expect(verdict).toMatchObject({ verdict: 'valid', factsJudged: 2 + 3 })
  }
  for (const [members, term] of [
    [['m1'], 2],
    [['m1', 'm2'], 3],
  ] as const) {
    const verdict = check({ history, final, wal: held(members, term) })
    expect(verdict, members.join()).toMatchObject({ verdict: 'valid', factsJudged: 1 + 3 })
  }
})

const withSnapshots = (...snapshots: LoggedMember['snapshots']) =>
  withMembers(onePut.wal, (line) => ({ ...line, snapshots }))

test('logs that do not begin with an empty store prove no loss, and no state', () => {
  const later = withEntries(onePut.wal, (line) =>
    line.type === 'entry' && line.index < 5 ? [] : line,
  )
  expect(check({ ...onePut, wal: later })).toMatchObject({
    verdict: 'unknown',
    reason: 'the logs do not begin with an empty store: states were not compared',
  })
  const restored = withSnapshots([0, 0], [3, 1])
  expect(check({ ...onePut, wal: restored }).verdict).toBe('unknown')
  const compacted = withSnapshots([0, 0], [5, 2])
  expect(check({ ...onePut, wal: compacted }).verdict).toBe('valid')
})

test('the log of a member of another cluster is left out, and said', () => {
  const wal = withMembers(onePut.wal, (line) => ({ ...line, clusterId: '8' }), 'm3')
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'valid',
    reason: "the log of m3 is another cluster's",
  })
})

test('what the log of another cluster holds at the same place is no conflict', () => {
  const foreign = withMembers(onePut.wal, (line) => ({ ...line, clusterId: '8' }), 'm3')
  const wal = withOtherContent(foreign)
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'valid',
    reason: "the log of m3 is another cluster's",
  })
})

test('a log of another cluster makes no majority of fewer logs: its member may still be a voter', () => {
  const late: LoggedEntry = { type: 'entry', index: 6, term: 2, request: put('k', 'w') }
  const wal = withMembers(withEntry(late), (line) => ({
    ...line,
    term: 3,
    ...(line.member === 'm3' ? { clusterId: '8' } : { spans: [[2, 1, 6]] }),
  }))
  const { committed, open } = joinLogs(wal, undefined)
  expect(committed.map(({ index }) => index)).not.toContain(6)
  expect(open.map(({ index }) => index)).toContain(6)
})
