import { expect, test } from 'vitest'
import { parseWalLog } from '../history/logs/wal.ts'
import { readLog } from './read-log.ts'
import { type FoundLog, reduceLogs } from './reduce-logs.ts'
import {
  encodeLog,
  entry,
  ids,
  membershipEntry,
  metadata,
  type Part,
  putRequest,
  segmentsOf,
  snapshot,
  state,
} from './testing/encode-log.ts'

const logOf = (...parts: readonly Part[]) =>
  readLog(segmentsOf(encodeLog([metadata(), snapshot(0, 0), ...parts])))

/** As the file has them: what is written can be read. */
function linesOf(logs: Readonly<Record<string, FoundLog>>) {
  const lines = [{ format: 'gauntlet-wal/1' }, ...reduceLogs(new Map(Object.entries(logs)))]
  return parseWalLog(lines.map((line) => `${JSON.stringify(line)}\n`).join('')).entries
}

const first = [membershipEntry(1, 1), entry(2, 2)]
const put = { kind: 'put', key: 'k', value: 'v' }

test('an entry that several logs hold is one line', async () => {
  const m1 = await logOf(...first, entry(3, 2, putRequest('k', 'v')), state(2, 3))
  const m2 = await logOf(...first, entry(3, 2, putRequest('k', 'v')), entry(4, 2), state(2, 2))
  const common = { type: 'member', ...ids, term: 2, snapshots: [[0, 0]] }
  expect(linesOf({ m1, m2 })).toEqual([
    {
      ...common,
      member: 'm1',
      commit: 3,
      spans: [
        [1, 1, 1],
        [2, 2, 3],
      ],
    },
    {
      ...common,
      member: 'm2',
      commit: 2,
      spans: [
        [1, 1, 1],
        [2, 2, 4],
      ],
    },
    { type: 'entry', index: 1, term: 1, request: { kind: 'membership' } },
    { type: 'entry', index: 2, term: 2, request: { kind: 'empty' } },
    { type: 'entry', index: 3, term: 2, id: '5', request: put },
    { type: 'entry', index: 4, term: 2, request: { kind: 'empty' } },
  ])
})

test('entries of one index and several terms are a line each', async () => {
  const m1 = await logOf(...first, entry(3, 3, putRequest('k', 'v')))
  const m2 = await logOf(...first, entry(3, 2))
  expect(linesOf({ m1, m2 }).slice(-2)).toMatchObject([
    { index: 3, term: 2, request: { kind: 'empty' } },
    { index: 3, term: 3, request: put },
  ])
})

test('where two logs hold different content at one index and term, each line names its members', async () => {
  const m1 = await logOf(...first, entry(3, 2, putRequest('k', 'v')))
  const m2 = await logOf(...first, entry(3, 2, putRequest('k', 'other')))
  const m3 = await logOf(...first, entry(3, 2, putRequest('k', 'v')))
  expect(linesOf({ m1, m2, m3 }).slice(-2)).toMatchObject([
    { index: 3, term: 2, members: ['m1', 'm3'] },
    { index: 3, term: 2, members: ['m2'] },
  ])
})

test('first members that know no names of the others have the same first memberships', async () => {
  const named = (context: string, { term = 1, nodeId = '101' } = {}) =>
    logOf(membershipEntry(1, term, { nodeId, context }), entry(2, term + 1))
  const entriesOf = (logs: Readonly<Record<string, FoundLog>>) =>
    linesOf(logs).filter(({ type }) => type === 'entry')
  const [m1, m2] = [await named('m1'), await named('0')]
  expect(entriesOf({ m1, m2 })).toHaveLength(2)
  expect(entriesOf({ m1, m2: await named('0', { nodeId: '102' }) })).toHaveLength(3)
  const later = { m1: await named('m1', { term: 2 }), m2: await named('0', { term: 2 }) }
  expect(entriesOf(later)).toHaveLength(3)
})

test('a log that is missing, empty or damaged is a line that says so', async () => {
  const torn = await readLog(
    segmentsOf([encodeLog([metadata(), entry(1, 1)])[0]?.subarray(0, -3) ?? Buffer.alloc(0)]),
  )
  const empty = await readLog(segmentsOf([]))
  expect(linesOf({ m1: { missing: 'its volume is gone' }, m2: empty, m3: torn })).toMatchObject([
    { type: 'missing', member: 'm1', reason: 'its volume is gone' },
    { type: 'missing', member: 'm2', reason: 'its log has no record' },
    { type: 'member', member: 'm3', spans: [], ending: { kind: 'torn' } },
  ])
})
