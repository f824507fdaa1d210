import { expect, test } from 'vitest'
import type { LoggedEntry, LoggedRequest, LoggedStep } from '../../history/logs/wal.ts'
import type { OperationEvent } from '../../history/operations.ts'
import {
  check,
  finalOf,
  historyOf,
  onePut,
  put,
  putOk,
  withEntry,
  withMembers,
} from '../testing/logged-cases.ts'
import { logsOf } from '../testing/logged-simulation.ts'
import { replayLog } from './replay.ts'

const branches = {
  compare: [['a', 'value', '=', 'v']],
  else: [],
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  then: [
    ['get', 'a'],
    ['delete', 'b'],
  ],
}
const loggedBranches: LoggedRequest = {
  kind: 'txn',
  compare: [{ key: 'a', target: 'value', result: '=', operand: 'v' }],
  success: [
    { kind: 'range', key: 'a' },
    { kind: 'delete', key: 'b' },
  ],
  failure: [],
}

test('an answer with another revision than the log gives is broken', () => {
  const history = historyOf(...putOk('k', 'v', 3))
  expect(check({ ...onePut, history })).toMatchObject({
    verdict: 'invalid',
    code: 'wrong-revision',
    reason: expect.stringMatching(/answered revision 3, and the logs give revision 2 for entry 5$/),
  })
})

test('a read of a revision beyond the logs is broken, and unknown while entries are open', () => {
  const history = historyOf(
    ...putOk('k', 'v', 2),
    { type: 'invoke', f: 'get', key: 'k' },
    { type: 'ok', f: 'get', value: 'v', modRevision: 2, revision: 3 },
  )
  expect(check({ ...onePut, history })).toMatchObject({ code: 'wrong-revision' })
  const open: LoggedEntry = { type: 'entry', index: 6, term: 1, request: put('k', 'w') }
  const holder = withMembers(
    withEntry(open),
    (line) => ({ ...line, spans: [...line.spans, [1, 6, 6]] }),
    'm1',
  )
  expect(check({ ...onePut, history, wal: holder }).verdict).toBe('valid')
})

test('a member whose final state is not what the logs leave is broken', () => {
  const final = finalOf(2, { k: ['other', 2] })
  expect(check({ ...onePut, final })).toMatchObject({
    code: 'wrong-answer',
    reason:
      'the final state of m1 shows k at mod revision 2 as "other", and the logs give "v", createRevision 2, version 1, no lease',
  })
  expect(check({ ...onePut, final: finalOf(2, {}) }).code).toBe('wrong-answer')
})

/** After puts of `a` and `b`: one request, its entry if it has one, and the fields of its answer. */
const answers: readonly (readonly [
  what: string,
  asked: Partial<OperationEvent>,
  entry: LoggedRequest | undefined,
  right: Readonly<Record<string, unknown>>,
  wrong: Readonly<Record<string, unknown>>,
])[] = [
  [
    'a read of a key that is there',
    { f: 'get', key: 'a' },
    undefined,
    { value: 'v', modRevision: 2 },
    { value: null, modRevision: 0 },
  ],
  [
    'a list',
    { f: 'range', key: 'a', end: 'c' },
    undefined,
    {
      value: [
        ['a', 'v', 2],
        ['b', 'v', 3],
      ],
      count: 2,
    },
    { value: [['a', 'v', 2]], count: 2 },
  ],
  [
    'a count',
    { f: 'range', key: 'a', end: 'c' },
    undefined,
    {
      value: [
        ['a', 'v', 2],
        ['b', 'v', 3],
      ],
      count: 2,
    },
    {
      value: [
        ['a', 'v', 2],
        ['b', 'v', 3],
      ],
      count: 3,
    },
  ],
  [
    'how many a delete removed',
    { f: 'delete', key: 'c' },
    { kind: 'delete', key: 'c' },
    { deleted: 0 },
    { deleted: 1 },
  ],
  [
    'the previous value',
    { f: 'put', key: 'a', value: 'w' },
    put('a', 'w'),
    { prev: { value: 'v', modRevision: 2 } },
    { prev: null },
  ],
  [
    'whether a compare-and-set applied',
    { f: 'cas', key: 'a', value: ['x', 'w'] },
    {
      kind: 'txn',
      compare: [{ key: 'a', target: 'value', result: '=', operand: 'x' }],
      success: [put('a', 'w') as LoggedStep],
      failure: [],
    },
    { applied: false },
    { applied: true },
  ],
  [
    'which branch ran',
    { f: 'txn', value: branches },
    loggedBranches,
    { applied: true, value: [['v', 2], 1] },
    { applied: false, value: [] },
  ],
  [
    'a read within a transaction',
    { f: 'txn', value: branches },
    loggedBranches,
    { applied: true, value: [['v', 2], 1] },
    { applied: true, value: [['w', 2], 1] },
  ],
  [
    'a delete within a transaction',
    { f: 'txn', value: branches },
    loggedBranches,
    { applied: true, value: [['v', 2], 1] },
    { applied: true, value: [['v', 2], 0] },
  ],
]

test.each(answers)('the answer must be what the logs give: %s', (_, asked, entry, right, wrong) => {
  const wal = logsOf([put('a', 'v'), put('b', 'v'), ...(entry === undefined ? [] : [entry])])
  const { revision } = replayLog(
    wal.entries.flatMap((one) => (one.type === 'entry' ? [one] : [])),
  ).store
  const verdictOf = (answer: object) =>
    check({
      history: historyOf(
        ...putOk('a', 'v', 2),
        ...putOk('b', 'v', 3),
        { type: 'invoke', ...asked },
        { type: 'ok', f: asked.f ?? '', revision, ...answer },
      ),
      wal,
    })
  expect(verdictOf(right).verdict).toBe('valid')
  expect(verdictOf(wrong)).toMatchObject({ verdict: 'invalid', code: 'wrong-answer' })
})

test('a watch event must be what the logs give', () => {
  const watched = (value: string) => {
    const event = {
      type: 'put',
      key: 'k',
      value,
      modRevision: 2,
      createRevision: 2,
      version: 1,
    } as const
    const entries = [
      { type: 'open', stream: 0, member: 'm1', startRevision: 2, timeNs: 0 },
      { type: 'events', stream: 0, revision: 2, timeNs: 1, events: [event] },
    ] as const
    return { header: { format: 'gauntlet-watch/1' } as const, entries }
  }
  expect(check({ ...onePut, watches: watched('v') }).verdict).toBe('valid')
  expect(check({ ...onePut, watches: watched('w') })).toMatchObject({ code: 'wrong-answer' })
})
