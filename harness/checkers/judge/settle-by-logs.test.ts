import fc from 'fast-check'
import { expect, test } from 'vitest'
import { operations } from '../../history/join.ts'
import type { LoggedRequest } from '../../history/logs/wal.ts'
import type { History, OperationEvent } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { durabilityChecker } from '../durability.ts'
import { etcdLinearizabilityChecker } from '../etcd-linearizability.ts'
import { logsOf, memberNames, simulateWithLogs } from '../testing/logged-simulation.ts'
import { settleByLogs } from './settle-by-logs.ts'

function historyOf(...events: readonly Partial<OperationEvent>[]): History {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  const full = events.map((event, at) => ({ process: at, timeNs: at, ...event }) as OperationEvent)
  return { header, events: full }
}

/** An acknowledged put, then requests without an answer, and the logs of what was executed. */
function settle(
  requests: readonly Partial<OperationEvent>[],
  logged: readonly LoggedRequest[],
  change: (input: CheckInput) => CheckInput = (input) => input,
) {
  const history = historyOf(
    { type: 'invoke', process: 0, f: 'put', key: 'k', value: 'v' },
    { type: 'ok', process: 0, f: 'put', revision: 2 },
    ...requests.map((request) => ({ type: 'invoke', ...request }) as const),
  )
  const members = memberNames.map((member) => {
    return { member, revision: 0, keys: {}, hash: 1, hashRevision: 0 }
  })
  const wal = logsOf([{ kind: 'put', key: 'k', value: 'v' }, ...logged])
  const settled = settleByLogs(change({ history, wal, final: { members } }))
  return operations(settled.history)
    .slice(1)
    .map(({ completion }) => completion)
}

const txnOf = (compare: unknown[], then: unknown[]) => ({ compare, then, else: [] })

const deletion = { kind: 'delete', key: 'k' } as const

test('unknown writes of a correct etcd are settled as they happened, or did not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
      const input = simulateWithLogs({
        seed,
        operations: 80,
        keys: 4,
        processes: 4,
        unknownShare: 0.3,
        mix: { put: 30, get: 20, cas: 15, txn: 15, delete: 3 },
      })
      const settled = settleByLogs(input)
      const unknown = operations(settled.history).filter(({ outcome }) => outcome === 'info')
      expect(unknown.filter(({ f }) => f === 'put' || f === 'cas')).toEqual([])
      for (const checker of [etcdLinearizabilityChecker, durabilityChecker]) {
        const { verdict, reason } = checker.check(settled)
        expect(verdict, reason).toBe('valid')
      }
    }),
    { numRuns: 60 },
  )
})

test('a write that the log has happened, with the revision and the results of its entry', () => {
  const value = txnOf(
    [['k', 'value', '=', 'v']],
    [
      ['get', 'k'],
      ['delete', 'k'],
    ],
  )
  const logged: LoggedRequest = {
    kind: 'txn',
    compare: [{ key: 'k', target: 'value', result: '=', operand: 'v' }],
    success: [{ kind: 'range', key: 'k' }, deletion],
    failure: [],
  }
  expect(settle([{ f: 'txn', value }], [logged])).toMatchObject([
    { type: 'ok', revision: 3, applied: true, value: [['v', 2], 1], settled: true },
  ])
  expect(settle([{ f: 'delete', key: 'k' }], [deletion])).toMatchObject([
    { type: 'ok', revision: 3, deleted: 1 },
  ])
})

test('a write that no log has, or that etcd refused as it applied it, did not happen', () => {
  const leased = { f: 'put', key: 'k', value: 'w', lease: '9' }
  expect(settle([leased], [])).toMatchObject([{ type: 'fail', settled: true }])
  const logged = { kind: 'put', key: 'k', value: 'w', lease: '9' } as const
  expect(settle([leased], [logged])).toMatchObject([{ type: 'fail' }])
})

test('of equal requests all happened, or none; some of them stay unknown', () => {
  const two = [
    { f: 'delete', key: 'k' },
    { f: 'delete', key: 'k' },
  ]
  expect(settle(two, [deletion, deletion])).toMatchObject([
    { revision: 3, deleted: 1 },
    { revision: 3, deleted: 0 },
  ])
  expect(settle(two, [])).toMatchObject([{ type: 'fail' }, { type: 'fail' }])
  expect(settle(two, [deletion])).toEqual([undefined, undefined])
})

test('of equal requests at two members, the one whose member proposed the entry happened', () => {
  const two = [
    { f: 'delete', key: 'k', member: 'm1' },
    { f: 'delete', key: 'k', member: 'm2' },
  ]
  const proposedBySecond = ({ wal, ...input }: CheckInput): CheckInput => {
    const entries = wal?.entries.map((line) => {
      const isDelete = line.type === 'entry' && line.request.kind === 'delete'
      return isDelete ? { ...line, id: String((102n << 48n) + 1n) } : line
    })
    return { ...input, wal: { ...wal, entries } } as CheckInput
  }
  expect(settle(two, [deletion], proposedBySecond)).toMatchObject([
    { type: 'fail' },
    { type: 'ok', revision: 3, deleted: 1 },
  ])
})

test('the end of a lease happened when the log revokes the lease, unless a key stays', () => {
  const request = (key: string) => ({
    f: 'txn',
    expiryOf: '9',
    value: txnOf(
      [],
      [
        ['delete', key],
        ['delete', 'none'],
      ],
    ),
  })
  const leased: LoggedRequest[] = [
    { kind: 'lease-grant', lease: '9', ttlS: 5 },
    { kind: 'put', key: 'leased', value: 'v', lease: '9' },
  ]
  const ended = [...leased, { kind: 'lease-revoke', lease: '9' } as const]
  expect(settle([request('leased')], ended)).toMatchObject([
    { type: 'ok', revision: 4, applied: true, value: [1, 0] },
  ])
  expect(settle([request('k')], ended)).toEqual([undefined])
  expect(settle([request('leased')], leased)).toMatchObject([{ type: 'fail' }])
})

test('logs that are missing, invalid or incomplete settle nothing', () => {
  const request = { f: 'put', key: 'k', value: 'w' }
  const without = (input: CheckInput): CheckInput => {
    const { wal: _, ...rest } = input
    return rest
  }
  expect(settle([request], [], without)).toEqual([undefined])
  const twice = { kind: 'put', key: 'k', value: 'v' } as const
  expect(settle([request], [twice])).toEqual([undefined])
  const withoutFinal = ({ final: _, ...input }: CheckInput): CheckInput => input
  expect(settle([request], [], withoutFinal)).toEqual([undefined])
})
