import { expect, test } from 'vitest'
import { failpointPanicOf, parseLogLine } from './log-line.ts'

const at = '2026-01-31T11:45:03.500Z'
const atMs = Date.parse(at)

test.each([
  [
    'zap as JSON',
    `{"level":"warn","ts":"${at}","caller":"a.go:1","msg":"slow","took":"2s"}`,
    'slow',
  ],
  ['zap with seconds', `{"level":"WARN","ts":${atMs / 1_000},"msg":"slow"}`, 'slow'],
  ['zap for a console', `${at}\twarn\ta.go:1\tslow`, 'a.go:1  slow'],
  ['capnslog', '2026-01-31 11:45:03.500000 W | rafthttp: slow', 'rafthttp: slow'],
  ['capnslog with slashes', '2026/01/31 11:45:03.500 W | slow', 'slow'],
  ['an engine before JSON', `${at} {"level":"warn","msg":"slow"}`, 'slow'],
])('%s has time, level and message', (_form, line, message) => {
  expect(parseLogLine(line)).toMatchObject({ timeMs: atMs, level: 'warn', message })
})

test('fields of JSON are those besides time, level, caller, logger and message', () => {
  const line = `{"level":"info","ts":"${at}","logger":"raft","msg":"x","term":3}`
  expect(parseLogLine(line).fields).toEqual({ term: 3 })
})

test('a truncated line of JSON has its level', () => {
  const line = '{"level":"fatal","ts":"2026'
  expect(parseLogLine(line)).toMatchObject({ level: 'fatal', message: line, timeMs: undefined })
})

test.each([
  ['panic: runtime error', 'panic', false],
  ['fatal error: concurrent map writes', 'fatal', false],
  ['SIGSEGV: segmentation violation', 'fatal', false],
  ['SIGQUIT: quit', undefined, false],
  ['WARNING: DATA RACE', 'error', true],
  ['goroutine 1 [running]:', undefined, false],
  ['2026-01-31 11:45:03.5 C | etcdmain: cannot start', 'fatal', false],
  ['a line that quotes panic: x', undefined, false],
])('%s has the level %s', (line, level, isDataRace) => {
  expect(parseLogLine(line)).toMatchObject({ level, isDataRace })
})

test.each([
  ['panic: failpoint panic: raftBeforeSave', 'raftBeforeSave'],
  [`${at} panic: failpoint panic: raftBeforeSave`, 'raftBeforeSave'],
  ['panic: failpoint panic: beforeCommit [recovered, repanicked]', 'beforeCommit'],
  [
    '{"level":"panic","msg":"execute job failed","job":"server_applyAll","panic":"failpoint panic: beforeCommit","stacktrace":"a"}',
    'beforeCommit',
  ],
  ['{"level":"panic","msg":"execute job failed","panic":"index out of range"}', undefined],
  ['panic: failpoint panic: ', undefined],
  ['panic: assertion failed: failpoint panic: raftBeforeSave', undefined],
  ['{"level":"info","msg":"panic: failpoint panic: raftBeforeSave"}', undefined],
  ['{"level":"panic","msg":"failpoint panic: raftBeforeSave"}', undefined],
])('%j names the failpoint of its panic: %s', (line, failpoint) => {
  expect(failpointPanicOf(line)).toBe(failpoint)
})
