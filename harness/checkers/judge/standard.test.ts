import { expect, test } from 'vitest'
import type { Effect } from '../../core/effect.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import type { FinalState, MemberFinalState } from '../checker.ts'
import { convergenceChecker } from '../convergence.ts'
import { durabilityChecker } from '../durability.ts'
import { codeOfLine, logsChecker } from '../logs.ts'
import { revisionsChecker } from '../revisions.ts'
import { serializableChecker } from '../serializable.ts'
import { standardCheckers } from './standard.ts'

type Fields = Readonly<Record<string, unknown>>

/** One request after the other: [f, asked, answered]; a string instead of an answer is its outcome. */
function historyOf(...requests: readonly [string, Fields, Fields | 'info' | 'fail'][]): History {
  const events = requests.flatMap(([f, asked, answer], at): HistoryEvent[] => {
    const answered = typeof answer === 'string' ? { type: answer } : { type: 'ok', ...answer }
    const common = { process: 0, f, timeNs: at }
    return [
      { type: 'invoke', ...common, ...asked },
      { ...common, ...answered },
    ] as HistoryEvent[]
  })
  return { header: { format: 'gauntlet-history/1', model: 'etcd' }, events }
}

function finally_(...members: readonly Partial<MemberFinalState>[]): FinalState {
  const whole = { revision: 3, keys: {}, hash: 1, hashRevision: 3 }
  return { members: members.map((member, at) => ({ ...whole, member: `m${at + 1}`, ...member })) }
}

const holding = (value: string, modRevision: number) => ({ keys: { a: { value, modRevision } } })
const twoPuts = historyOf(
  ['put', { key: 'a', value: '1', member: 'm1' }, { revision: 2 }],
  ['put', { key: 'a', value: '2', member: 'm1' }, { revision: 3 }],
)

test('standard checkers judge at least seven guarantees, and return unknown without evidence', () => {
  expect(standardCheckers.length).toBeGreaterThanOrEqual(7)
  for (const checker of standardCheckers) {
    const verdict = checker.check({ history: historyOf() })
    expect(verdict, checker.name).toMatchObject({ verdict: 'unknown', factsJudged: 0 })
  }
})

test('the last acknowledged write on every member is durable', () => {
  const final = finally_(holding('2', 3), holding('2', 3))
  expect(durabilityChecker.check({ history: twoPuts, final })).toMatchObject({
    verdict: 'valid',
    evidence: { acknowledgedLost: 0 },
  })
})

test('one member with an older value has lost an acknowledged write', () => {
  const final = finally_(holding('2', 3), holding('1', 2))
  const verdict = durabilityChecker.check({ history: twoPuts, final })
  expect(verdict.verdict).toBe('invalid')
  expect(verdict.reason).toBe(
    'm2 holds a = "1" (modRevision 2) although put of a = "2" by process 0 at m1 was acknowledged at revision 3',
  )
  expect(verdict.evidence).toMatchObject({
    acknowledgedLost: 1,
    keysWrong: 1,
    membersWrong: ['m2'],
  })
})

test('a key that is gone has lost all its acknowledged writes, unless something may have deleted it', () => {
  const final = finally_({ keys: {} })
  expect(durabilityChecker.check({ history: twoPuts, final }).evidence?.acknowledgedLost).toBe(2)
  const deleted = historyOf(
    ['put', { key: 'a', value: '1' }, { revision: 2 }],
    ['delete', { key: 'a' }, 'info'],
  )
  expect(durabilityChecker.check({ history: deleted, final }).verdict).toBe('valid')
  const refused = historyOf(
    ['put', { key: 'a', value: '1' }, { revision: 2 }],
    ['delete', { key: 'a' }, 'fail'],
  )
  expect(durabilityChecker.check({ history: refused, final }).verdict).toBe('invalid')
})

test('an acknowledged delete that came back is lost', () => {
  const history = historyOf(
    ['put', { key: 'a', value: '1' }, { revision: 2 }],
    ['delete', { key: 'a' }, { deleted: 1, revision: 3 }],
  )
  const verdict = durabilityChecker.check({ history, final: finally_(holding('1', 2)) })
  expect(verdict).toMatchObject({ verdict: 'invalid', evidence: { acknowledgedLost: 1 } })
})

test('the final state may hold an unknown write, and no value without a write', () => {
  const history = historyOf(
    ['put', { key: 'a', value: '1' }, { revision: 2 }],
    ['put', { key: 'a', value: '2' }, 'info'],
  )
  expect(durabilityChecker.check({ history, final: finally_(holding('2', 3)) }).verdict).toBe(
    'valid',
  )
  expect(durabilityChecker.check({ history, final: finally_(holding('3', 3)) }).verdict).toBe(
    'invalid',
  )
})

test('writes without revisions are lost only when certainly older ones are left', () => {
  const history = historyOf(
    ['put', { key: 'a', value: '1' }, {}],
    ['put', { key: 'a', value: '2' }, {}],
  )
  expect(durabilityChecker.check({ history, final: finally_(holding('2', 3)) }).verdict).toBe(
    'valid',
  )
  expect(durabilityChecker.check({ history, final: finally_(holding('1', 2)) }).verdict).toBe(
    'invalid',
  )
})

test('durability is unknown without a final state, or when a member was not read', () => {
  expect(durabilityChecker.check({ history: twoPuts }).verdict).toBe('unknown')
  const final = finally_({ member: 'm7', ...holding('2', 3) })
  const verdict = durabilityChecker.check({ history: twoPuts, final })
  expect(verdict.reason).toBe('m1 received requests and was not read at the end')
})

test('only a fault that removes excuses a member that was not read at the end', () => {
  const final = finally_({ member: 'm7', ...holding('2', 3) })
  const after = (effect?: Effect) => {
    const fault = { type: 'fault', name: 'remove', phase: 'begin', targets: ['m1'], timeNs: 9 }
    const event = { ...fault, ...(effect && { effect }) } as HistoryEvent
    return durabilityChecker.check({
      history: { ...twoPuts, events: [...twoPuts.events, event] },
      final,
    }).verdict
  }
  expect(after('removes')).toBe('valid')
  expect(after('stops')).toBe('unknown')
  expect(after()).toBe('unknown')
})

test('a member whose revision goes back is found, even by serializable reads', () => {
  const read = (revision: number, member = 'm1'): [string, Fields, Fields] => {
    return ['get', { key: 'a', member, serializable: true }, { value: null, revision }]
  }
  expect(
    revisionsChecker.check({ history: historyOf(read(5), read(5), read(3, 'm2')) }).verdict,
  ).toBe('valid')
  const verdict = revisionsChecker.check({ history: historyOf(read(5), read(4)) })
  expect(verdict.reason).toBe(
    'serializable get of a by process 0 at m1 answered revision 4 after serializable get of a by process 0 at m1 had answered 5: m1 went back',
  )
})

test('a process sees linearizable answers in order, and no key newer than its answer', () => {
  const put = (revision: number, member: string): [string, Fields, Fields] => {
    return ['put', { key: 'a', value: '1', member }, { revision }]
  }
  expect(revisionsChecker.check({ history: historyOf(put(2, 'm1'), put(3, 'm2')) }).verdict).toBe(
    'valid',
  )
  expect(revisionsChecker.check({ history: historyOf(put(3, 'm1'), put(2, 'm2')) }).verdict).toBe(
    'invalid',
  )
  const newer = historyOf(['get', { key: 'a' }, { value: '1', modRevision: 4, revision: 3 }])
  expect(revisionsChecker.check({ history: newer }).verdict).toBe('invalid')
})

test.each<[string, Fields, Fields]>([
  ['range', { key: 'a', end: 'z' }, { value: [['b', '1', 4]], count: 1, revision: 3 }],
  [
    'range',
    { key: 'a', end: 'z', atRevision: 3 },
    { value: [['b', '1', 4]], count: 1, revision: 5 },
  ],
  ['put', { key: 'b', value: '2' }, { prev: { value: '1', modRevision: 4 }, revision: 3 }],
  ['delete', { key: 'b' }, { deleted: 1, prev: { value: '1', modRevision: 4 }, revision: 3 }],
  [
    'txn',
    {
      value: {
        compare: [],
        // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
        then: [
          ['put', 'a', '1'],
          ['get', 'b'],
        ],
        else: [],
      },
    },
    { applied: true, value: [null, ['1', 4]], revision: 3 },
  ],
])('no answer of a %s shows a key newer than its revision', (f, asked, answered) => {
  const verdict = revisionsChecker.check({ history: historyOf([f, asked, answered]) })
  expect(verdict).toMatchObject({ code: 'mod-revision-ahead', evidence: { partition: 'b' } })
  expect(verdict.reason).toMatch(/showed b at modRevision 4 at revision 3$/)
})

test('a serializable read may be stale and may not be invented', () => {
  const read = (value: string, modRevision: number, revision: number) => {
    const request = ['get', { key: 'a', serializable: true }, { value, modRevision, revision }]
    return {
      header: twoPuts.header,
      events: [...twoPuts.events, ...historyOf(request as never).events],
    }
  }
  expect(serializableChecker.check({ history: read('1', 2, 2) }).verdict).toBe('valid')
  expect(serializableChecker.check({ history: read('1', 2, 3) }).verdict).toBe('invalid')
  expect(serializableChecker.check({ history: twoPuts })).toMatchObject({
    verdict: 'unknown',
    factsJudged: 0,
  })
})

test('serializable reads are not blamed for what linearizable operations broke', () => {
  const history = historyOf(
    ['put', { key: 'a', value: '1' }, { revision: 2 }],
    ['get', { key: 'a' }, { value: '9', modRevision: 2, revision: 2 }],
    ['get', { key: 'a', serializable: true }, { value: '1', modRevision: 2, revision: 2 }],
  )
  expect(serializableChecker.check({ history }).verdict).toBe('unknown')
})

test('members that hash differently at one revision have not converged', () => {
  const check = (final: FinalState) => convergenceChecker.check({ history: historyOf(), final })
  expect(check(finally_({}, {}, {})).verdict).toBe('valid')
  const verdict = check(finally_({}, { hash: 2 }, {}))
  expect(verdict.reason).toBe('members differ at revision 3: m1, m3: 1; m2: 2')
  expect(check(finally_({}, { hash: null })).verdict).toBe('unknown')
  expect(check(finally_({}, { hashRevision: 2, hash: 2 })).verdict).toBe('unknown')
  expect(check(finally_({}, { compactRevision: 4, hash: 2 })).verdict).toBe('unknown')
})

test.each([
  'panic: runtime error: index out of range [3]',
  'fatal error: concurrent map writes',
  'runtime: out of memory: cannot allocate 4194304-byte block (8589934592 in use)',
  'SIGSEGV: segmentation violation',
  'SIGBUS: bus error',
  'unexpected fault address 0x7f0000000000',
  'WARNING: DATA RACE',
  '{"level":"fatal","ts":"2024-01-01T00:00:00Z","msg":"failed to purge snap db file"}',
  '{"level":"panic","msg":"failed to',
  '2024-01-01T00:00:00.000Z\tFATAL\tetcdmain/etcd.go:204\tdiscovery failed',
  '2024-01-01 00:00:00.000000 C | etcdmain: listen tcp: address already in use',
  '2024-01-01T00:00:00.000000000Z panic: tocommit(11) is out of range',
])('a member that wrote `%s` broke', (line) => {
  const verdict = logsChecker.check({ history: historyOf(), logs: { m1: ['up', line] } })
  expect(verdict).toMatchObject({ verdict: 'invalid', evidence: { partition: 'm1' } })
})

test.each([
  '{"level":"info","msg":"request","key":"panic: x","value":"fatal error: y"}',
  '{"level":"warn","msg":"{\\"level\\":\\"fatal\\"}"}',
  '2024-01-01 00:00:00.000000 W | etcdserver: read-only range request "key:\\"fatal\\"" took too long',
  '2024-01-01T00:00:00.000Z\tINFO\tserver\tpanic: no',
  'goroutine 1 [running]:',
  'SIGQUIT: quit',
  'panic: failpoint panic: raftBeforeSave',
  '{"level":"info","msg":"SIGSEGV: segmentation violation"}',
])('a member that wrote `%s` did not', (line) => {
  expect(codeOfLine(line)).toBeUndefined()
})

test('an empty log says nothing', () => {
  expect(logsChecker.check({ history: historyOf(), logs: { m1: ['up'], m2: [] } }).verdict).toBe(
    'unknown',
  )
})

test('the log of a member that took part and is not there leaves the logs unknown', () => {
  const check = (logs: Readonly<Record<string, string[]>>) =>
    logsChecker.check({ history: twoPuts, logs })
  expect(check({ m1: ['up'] }).verdict).toBe('valid')
  expect(check({ m2: ['up'] })).toMatchObject({
    verdict: 'unknown',
    reason: 'm1 received requests and its log was not saved',
  })
  expect(check({ m2: ['panic: no'] }).verdict).toBe('invalid')
})

test('members that hold other keys under one hash have not converged', () => {
  const check = (final: FinalState) => convergenceChecker.check({ history: historyOf(), final })
  expect(check(finally_(holding('2', 3), holding('2', 3))).verdict).toBe('valid')
  expect(check(finally_(holding('2', 3), holding('1', 2)))).toMatchObject({
    verdict: 'invalid',
    code: 'keys-differ',
    reason:
      'members differ at revision 3: m1 holds a = "2" (modRevision 3), m2 holds a = "1" (modRevision 2)',
    evidence: { partition: 'a' },
  })
  expect(check(finally_(holding('2', 3), {})).reason).toMatch(/m2 holds a = missing$/)
  const older = { revision: 2, hashRevision: 2, ...holding('1', 2) }
  expect(check(finally_(holding('2', 3), older)).verdict).toBe('unknown')
})
