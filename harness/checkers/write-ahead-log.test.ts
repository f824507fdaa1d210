import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { History, OperationEvent } from '../history/operations.ts'
import type {
  LoggedEntry,
  LoggedMember,
  LoggedRequest,
  LoggedStep,
  WalEntry,
  WalLog,
} from '../history/wal-log.ts'
import type { CheckInput } from './checker.ts'
import { logsOf, simulateWithLogs } from './testing/logged-simulation.ts'
import { replayLog } from './write-ahead-log/replay.ts'
import { writeAheadLogChecker } from './write-ahead-log.ts'

const check = (input: CheckInput) => writeAheadLogChecker.check(input)

const put = (key: string, value: string): LoggedRequest => ({ kind: 'put', key, value })

const branches = {
  ...{ compare: [['a', 'value', '=', 'v']], else: [] },
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

/** Requests of one process after the other; the last event may be left out. */
function historyOf(...events: readonly Partial<OperationEvent>[]): History {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const full = events.map((event, at) => ({ process: 0, timeNs: at, ...event }) as OperationEvent)
  return { header, events: full }
}

const putOk = (key: string, value: string, revision: number, process = 0) => [
  { type: 'invoke', f: 'put', key, value, process, member: 'm1' } as const,
  { type: 'ok', f: 'put', revision, process } as const,
]

const finalOf = (revision: number, keys: Record<string, readonly [string, number]>) => ({
  members: ['m1', 'm2', 'm3'].map((member) => ({
    member,
    revision,
    keys: Object.fromEntries(
      Object.entries(keys).map(([key, [value, modRevision]]) => [key, { value, modRevision }]),
    ),
    hash: 1,
    hashRevision: revision,
  })),
})

/** One acknowledged put, as the logs hold it. */
const onePut = {
  history: historyOf(...putOk('k', 'v', 2)),
  final: finalOf(2, { k: ['v', 2] }),
  wal: logsOf([put('k', 'v')]),
}

const withEntries = (wal: WalLog, change: (entry: WalEntry) => WalEntry | WalEntry[]): WalLog => ({
  ...wal,
  entries: wal.entries.flatMap(change),
})

const onMembers = (change: (line: LoggedMember) => WalEntry | WalEntry[]) => (line: WalEntry) =>
  line.type === 'member' ? change(line) : line

const simulations = fc.record({
  seed: fc.integer({ min: 1, max: 100_000 }),
  operations: fc.integer({ min: 5, max: 120 }),
  keys: fc.integer({ min: 1, max: 4 }),
  processes: fc.integer({ min: 1, max: 5 }),
  unknownShare: fc.constantFrom(0, 0.1, 0.4),
  prevShare: fc.constantFrom(0, 0.5),
})

test('the logs of a correct etcd agree with what its clients received', () => {
  fc.assert(
    fc.property(simulations, (simulation) => {
      const input = simulateWithLogs(simulation)
      const { verdict, reason } = check(input)
      expect(verdict, reason).toBe('valid')
    }),
    { numRuns: 150 },
  )
})

test('an answer that is altered in any fact contradicts the logs', () => {
  fc.assert(
    fc.property(simulations, fc.nat(), (simulation, pick) => {
      const input = simulateWithLogs({ ...simulation, unknownShare: 0 })
      const answers = input.history.events.flatMap((event, at) =>
        event.type === 'ok' && (event.f === 'put' || event.f === 'get') ? [at] : [],
      )
      fc.pre(answers.length > 0)
      const altered = answers[pick % answers.length]
      const events = input.history.events.map((event, at) => {
        if (at !== altered || event.type !== 'ok') return event
        return event.f === 'put'
          ? { ...event, revision: Number(event.revision) + 1 }
          : { ...event, value: 'never written', modRevision: 1 }
      })
      const { verdict } = check({ ...input, history: { ...input.history, events } })
      expect(verdict).toBe('invalid')
    }),
    { numRuns: 100 },
  )
})

test('an acknowledged write that no log has is lost', () => {
  expect(check(onePut)).toMatchObject({ verdict: 'valid', factsJudged: 1 + 3 })
  const { history } = onePut
  expect(check({ history, final: finalOf(1, {}), wal: logsOf([]) })).toMatchObject({
    verdict: 'invalid',
    code: 'acknowledged-write-lost',
    reason: 'put of k = "v" by process 0 at m1 was acknowledged, and no member\'s log has it',
    evidence: { culprit: 0 },
  })
})

test('a write that no log has is not called lost where a log is missing or ends early', () => {
  const { history } = onePut
  const final = finalOf(1, {})
  const missing = withEntries(
    logsOf([]),
    onMembers((line) =>
      line.member === 'm2' ? { type: 'missing', member: 'm2', reason: 'its volume is gone' } : line,
    ),
  )
  const verdict = check({ history, final, wal: missing })
  expect(verdict).toMatchObject({ verdict: 'unknown' })
  expect(verdict.reason).toContain('m2 has no log (its volume is gone)')
  const early = withEntries(
    logsOf([]),
    onMembers((line) => ({ ...line, ending: { kind: 'damaged', reason: 'byte 9' } })),
  )
  expect(check({ history, final, wal: early }).verdict).toBe('unknown')
  expect(check({ history, wal: logsOf([]) }).verdict).toBe('unknown')
})

test('of logs that are too long the part that was read is compared, and nothing before its end is missing', () => {
  const first = putOk('k', 'v', 2)
  const cut = withEntries(
    logsOf([put('k', 'v')]),
    onMembers((line) => ({ ...line, ending: { kind: 'too-long', reason: 'only the first file' } })),
  )
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
  const wal = withEntries(
    onePut.wal,
    onMembers((line) =>
      line.member === 'm2' ? { type: 'missing', member: 'm2', reason: 'its volume is gone' } : line,
    ),
  )
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'valid',
    reason: 'm2 has no log (its volume is gone)',
  })
  const torn = withEntries(
    onePut.wal,
    onMembers((line) => ({ ...line, ending: { kind: 'torn', reason: 'byte 9' } })),
  )
  expect(check({ ...onePut, wal: torn })).not.toHaveProperty('reason')
})

test('a refused write that the log has is broken, unless etcd refused it as it applied it', () => {
  const history = historyOf(
    ...putOk('k', 'v', 2),
    { type: 'invoke', f: 'put', key: 'k', value: 'w' },
    { type: 'fail', f: 'put', error: 'refused' },
  )
  const applied = {
    history,
    final: finalOf(3, { k: ['w', 3] }),
    wal: logsOf([put('k', 'v'), put('k', 'w')]),
  }
  expect(check(applied)).toMatchObject({ verdict: 'invalid', code: 'refused-but-applied' })
  const withLease = historyOf(
    ...putOk('k', 'v', 2),
    { type: 'invoke', f: 'put', key: 'k', value: 'w', lease: '9' },
    { type: 'fail', f: 'put', error: 'requested lease not found' },
  )
  const logged = logsOf([put('k', 'v'), { kind: 'put', key: 'k', value: 'w', lease: '9' }])
  expect(check({ ...onePut, history: withLease, wal: logged })).toMatchObject({ verdict: 'valid' })
})

test('a write that the log has twice was applied twice', () => {
  const wal = logsOf([put('k', 'v'), put('k', 'v')])
  const final = finalOf(3, { k: ['v', 3] })
  expect(check({ ...onePut, final, wal })).toMatchObject({
    verdict: 'invalid',
    code: 'applied-twice',
  })
  const renumbered = withEntries(logsOf([put('k', 'v'), put('x', 'y')]), (line) =>
    line.type === 'entry' && line.index === 6 ? { ...line, id: '5' } : line,
  )
  const other = { history: onePut.history, final: finalOf(3, { k: ['v', 2], x: ['y', 3] }) }
  expect(check({ ...other, wal: renumbered }).code).toBe('applied-twice')
})

test('of equal deletes, each belongs to the member that proposed it', () => {
  const deletion = (process: number, member: string, type: 'ok' | 'fail') => [
    { type: 'invoke', f: 'delete', key: 'k', process, member } as const,
    { type, f: 'delete', process, ...(type === 'ok' && { deleted: 1, revision: 3 }) } as const,
  ]
  const history = historyOf(
    ...putOk('k', 'v', 2),
    ...deletion(1, 'm1', 'ok'),
    ...putOk('k', 'w', 4),
    ...deletion(2, 'm2', 'fail'),
  )
  const requests = [put('k', 'v'), { kind: 'delete', key: 'k' } as const, put('k', 'w')]
  const proposedBy = (nodeId: number, at: number) => String((BigInt(nodeId) << 48n) + BigInt(at))
  const numbered = (wal: WalLog, nodes: readonly number[]) =>
    withEntries(wal, (line) => {
      if (line.type !== 'entry' || line.request.kind !== 'delete') return line
      return { ...line, id: proposedBy(nodes[line.index - 6] ?? 102, line.index) }
    })
  const final = finalOf(4, { k: ['w', 4] })
  expect(check({ history, final, wal: numbered(logsOf(requests), [101]) }).verdict).toBe('valid')
  const wal = numbered(logsOf([...requests, { kind: 'delete', key: 'k' }]), [101])
  expect(check({ history, final: finalOf(5, {}), wal })).toMatchObject({
    code: 'refused-but-applied',
    reason: expect.stringContaining('at m2 was refused'),
  })
})

test('of equal deletes at a member that went on under another name, none is lost', () => {
  const deleted = (revision: number, count: number) => [
    { type: 'invoke', f: 'delete', key: 'k', member: 'm1' } as const,
    { type: 'ok', f: 'delete', deleted: count, revision } as const,
  ]
  const history = historyOf(...putOk('k', 'v', 2), ...deleted(3, 1), ...deleted(3, 0))
  const requests = [
    put('k', 'v'),
    { kind: 'delete', key: 'k' } as const,
    { kind: 'delete', key: 'k' } as const,
  ]
  // Each entry has the number of the first member, whose log has another name.
  const wal = withEntries(logsOf(requests), (line) => {
    if (line.type === 'member') {
      return line.member === 'm1' ? { ...line, member: 'm9', nodeId: String(7) } : line
    }
    return line.type === 'entry' && line.request.kind === 'delete'
      ? { ...line, id: String((7n << 48n) + BigInt(line.index)) }
      : line
  })
  expect(check({ history, wal, final: finalOf(3, {}) })).toMatchObject({ verdict: 'valid' })
})

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
  const holder = withEntries(
    { ...onePut.wal, entries: [...onePut.wal.entries, open] },
    onMembers((line) =>
      line.member === 'm1' ? { ...line, spans: [...line.spans, [1, 6, 6]] } : line,
    ),
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

test('two logs that hold different content at one index and term disagree', () => {
  const wal = withEntries(onePut.wal, (line) =>
    line.type === 'entry' && line.index === 5
      ? [
          { ...line, members: ['m1', 'm2'] },
          { ...line, request: put('k', 'w'), members: ['m3'] },
        ]
      : line,
  )
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'invalid',
    code: 'logs-disagree',
    reason: 'the logs of m1 and m2, and of m3 hold different requests at index 5 of term 2',
  })
})

test('two committed entries of different terms at one index disagree', () => {
  const other: LoggedEntry = { type: 'entry', index: 5, term: 3, request: put('k', 'w') }
  const wal = withEntries(
    { ...onePut.wal, entries: [...onePut.wal.entries, other] },
    onMembers((line) =>
      line.member === 'm3'
        ? {
            ...line,
            spans: [
              [2, 1, 4],
              [3, 5, 5],
            ],
          }
        : line,
    ),
  )
  expect(check({ ...onePut, wal })).toMatchObject({ code: 'logs-disagree' })
})

test('an entry that its term or its copies do not commit is open, and one that was replaced is none', () => {
  const late: LoggedEntry = { type: 'entry', index: 6, term: 2, request: put('k', 'w') }
  const held = (members: readonly string[], term = 2) =>
    withEntries(
      { ...onePut.wal, entries: [...onePut.wal.entries, late] },
      onMembers((line) => ({
        ...line,
        term,
        spans: members.includes(line.member) ? [[2, 1, 6]] : [[2, 1, 5]],
      })),
    )
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

test('logs that do not begin with an empty store prove no loss, and no state', () => {
  const later = withEntries(onePut.wal, (line) =>
    line.type === 'entry' && line.index < 5 ? [] : line,
  )
  expect(check({ ...onePut, wal: later })).toMatchObject({
    verdict: 'unknown',
    reason: 'the logs do not begin with an empty store: states were not compared',
  })
  const restored = withEntries(
    onePut.wal,
    onMembers((line) => ({
      ...line,
      snapshots: [
        [0, 0],
        [3, 1],
      ],
    })),
  )
  expect(check({ ...onePut, wal: restored }).verdict).toBe('unknown')
  const compacted = withEntries(
    onePut.wal,
    onMembers((line) => ({
      ...line,
      snapshots: [
        [0, 0],
        [5, 2],
      ],
    })),
  )
  expect(check({ ...onePut, wal: compacted }).verdict).toBe('valid')
})

test('the log of a member of another cluster is left out, and said', () => {
  const wal = withEntries(
    onePut.wal,
    onMembers((line) => (line.member === 'm3' ? { ...line, clusterId: '8' } : line)),
  )
  expect(check({ ...onePut, wal })).toMatchObject({
    verdict: 'valid',
    reason: "the log of m3 is another cluster's",
  })
})

test('where authentication was enabled, a contradiction is a doubt', () => {
  const wal = logsOf([{ kind: 'other', name: 'authEnable' }, put('k', 'v')])
  expect(check({ ...onePut, wal }).verdict).toBe('valid')
  const history = historyOf(...putOk('k', 'v', 3))
  expect(check({ ...onePut, history, wal })).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('authentication was enabled'),
  })
})

test('acknowledged grants and revocations of leases have their entries', () => {
  const request = (process: number, f: 'grant' | 'revoke') => [
    { type: 'invoke', process, f, lease: '9', member: 'm1', timeNs: 1, ttlS: 5 } as const,
    { type: 'ok', process, f, lease: '9', timeNs: 2, ttlS: 5 } as const,
  ]
  const leases = {
    header: { format: 'gauntlet-lease/1', slackMs: 1 } as const,
    entries: [...request(1, 'grant'), ...request(1, 'revoke')],
  }
  const grant = { kind: 'lease-grant', lease: '9', ttlS: 5 } as const
  const revoke = { kind: 'lease-revoke', lease: '9' } as const
  const wal = logsOf([put('k', 'v'), grant, revoke])
  expect(check({ ...onePut, leases, wal }).verdict).toBe('valid')
  expect(check({ ...onePut, leases, wal: logsOf([put('k', 'v'), grant]) })).toMatchObject({
    code: 'acknowledged-write-lost',
    reason: expect.stringContaining('revoke of lease 9'),
  })
})

test('without logs, or with nothing to compare, nothing is judged', () => {
  const { history, final } = onePut
  expect(check({ history, final })).toMatchObject({ verdict: 'unknown', factsJudged: 0 })
  expect(check({ history: historyOf(), wal: logsOf([]) })).toMatchObject({
    verdict: 'unknown',
    reason: 'nothing to compare with the logs',
  })
})
