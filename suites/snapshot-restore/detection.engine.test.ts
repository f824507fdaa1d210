import { expect, test } from 'vitest'
import type { etcd, History, HistoryEvent } from '../../harness/index.ts'
import { runSabotaged } from '../shared/testing/run-sabotaged.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import { expectAsOf } from './expectations.ts'
import { differences, lossAfter, stateAt } from './expected-state.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { expectAnswer } from './tool-answer.ts'

/** Completes at `revision` milliseconds; an `info` has no revision. */
function write(process: number, f: string, fields: Record<string, unknown>): HistoryEvent[] {
  const { type = 'ok', key, value, revision, ...rest } = fields
  const timeNs = Number(revision ?? 0) * 1e6
  const invoked = { type: 'invoke', process, f, key, timeNs, ...(value !== undefined && { value }) }
  const completed = revision === undefined ? {} : { revision }
  return [invoked, { type, process, f, key, timeNs, ...completed, ...rest }] as HistoryEvent[]
}

const history: History = {
  header: { format: 'gauntlet-history/1', model: 'etcd' },
  events: [
    ...write(0, 'put', { key: 'a', value: 'a1', revision: 2 }),
    ...write(1, 'put', { key: 'b', value: 'b1', revision: 3 }),
    ...write(2, 'delete', { key: 'b', revision: 4, deleted: 1 }),
    ...write(3, 'cas', { key: 'a', value: ['a1', 'a2'], revision: 5, applied: true }),
    ...write(4, 'cas', { key: 'a', value: ['a1', 'never'], revision: 5, applied: false }),
    ...write(5, 'put', { key: 'c', value: 'maybe', type: 'info' }),
    ...write(6, 'put', { key: 'a', value: 'a3', revision: 9 }),
  ],
}

const kv = (key: string, value: string, modRevision: number) =>
  ({ key, value, modRevision }) as etcd.KeyValue

test('a store as of the revision has no differences, with or without the unknown write', () => {
  const expected = stateAt(history, 6)
  expect(differences(expected, [kv('a', 'a2', 5)])).toEqual([])
  expect(differences(expected, [kv('a', 'a2', 5), kv('c', 'maybe', 6)])).toEqual([])
  expect(differences(stateAt(history, 3), [kv('a', 'a1', 2), kv('b', 'b1', 3)])).toEqual([])
})

test('a lost key, a deleted one, an old value, an altered one and a later one are differences', () => {
  const expected = stateAt(history, 6)
  expect(differences(expected, [])).toEqual(['a is missing, not a2 of revision 5'])
  expect(differences(expected, [kv('a', 'a2', 5), kv('b', 'b1', 3)])).toHaveLength(1)
  expect(differences(expected, [kv('a', 'a1', 2)])).toHaveLength(1)
  expect(differences(expected, [kv('a', 'aX', 5)])).toHaveLength(1)
  expect(differences(expected, [kv('a', 'a3', 9)])).toEqual(['a written at 9, after 6'])
})

test('writes acknowledged after the revision are lost', () => {
  expect(lossAfter(history, 6)).toEqual({ lostWrites: 1, lostMs: 4 })
  expect(lossAfter(history, 9)).toEqual({ lostWrites: 0, lostMs: 0 })
})

const toolResult = (exitCode: number, stderr = '') => ({ exitCode, stdout: '', stderr, files: [] })

test.each([
  [0, ''],
  [1, 'Error: expected sha256 [1], got [2]'],
  [2, 'panic: runtime error: slice bounds out of range'],
  [3, 'Error: expected sha256 [1], got [2]'],
])('exit status %i of etcd’s tool is an answer about the snapshot: %s', (exitCode, stderr) => {
  const result = toolResult(exitCode, stderr)
  expect(expectAnswer(result)).toBe(result)
})

test.each([
  [1, 'Error: write /restored/member/snap/db: no space left on device'],
  [1, 'Error: unknown flag: --skip-hash-check'],
  [6, 'Error: read /snapshot.db: short read'],
  [126, ''],
  [128, 'Error: snapshot restore requires exactly one argument'],
  [137, ''],
])('exit status %i of etcd’s tool is a failure of the tool: %s', (exitCode, stderr) => {
  expect(() => expectAnswer(toolResult(exitCode, stderr))).toThrow(
    expect.objectContaining({ code: 'TOOL' }),
  )
})

test('one member restored from an older snapshot than the others breaks the expectation', async () => {
  const record = await runSabotaged({
    ...abandonedCluster,
    id: 'sabotaged/older-snapshot',
    title: 'One member gets an older file',
    depth: 'full',
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      const { content: older } = await takeSnapshot(drill, leader)
      await drill.hold(1_000)
      const { content, revision } = await takeSnapshot(drill, leader)
      await loseEverything(drill)
      const names = namesOf(drill.cluster.members)
      await restoreCluster(drill, { content, names, contentOf: { m2: older } })
      await expectAsOf(drill, revision)
    },
  })
  expect(record).toMatchObject({ outcome: 'broken' })
  expect(record.broken).toContain('restored-keys-as-of-snapshot')
  expect(record.reason).toContain('m2')
})
