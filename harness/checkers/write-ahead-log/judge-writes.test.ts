import { expect, test } from 'vitest'
import type { WalLog } from '../../history/logs/wal.ts'
import {
  check,
  finalOf,
  historyOf,
  onePut,
  put,
  putOk,
  withEnding,
  withEntries,
  withoutSecondLog,
} from '../testing/logged-cases.ts'
import { logsOf } from '../testing/logged-simulation.ts'

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
  const verdict = check({ history, final, wal: withoutSecondLog(logsOf([])) })
  expect(verdict).toMatchObject({ verdict: 'unknown' })
  expect(verdict.reason).toContain('m2 has no log (its volume is gone)')
  const early = withEnding(logsOf([]), { kind: 'damaged', reason: 'byte 9' })
  expect(check({ history, final, wal: early }).verdict).toBe('unknown')
  expect(check({ history, wal: logsOf([]) }).verdict).toBe('unknown')
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
