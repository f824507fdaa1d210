import { expect, test } from 'vitest'
import type { Verdict } from '../../checkers/checker.ts'
import { GuaranteeBrokenError } from '../../core/errors.ts'
import { conclude, failureOf } from './outcome.ts'

const valid: Verdict = { checker: 'durability', verdict: 'valid' }
const unknown: Verdict = { checker: 'linearizability', verdict: 'unknown', reason: 'gave up' }
const invalid: Verdict = { checker: 'linearizability', verdict: 'invalid', reason: 'stale read' }
const met = { measure: 'writeOutageMs', atMost: 100, measured: 20, met: true }
const missed = { measure: 'writeOutageMs', atMost: 100, measured: 220, met: false }
const unmeasured = { measure: 'writeOutageMs', atMost: 100, measured: null, met: false }
const interrupted = { outcome: 'inconclusive', reason: 'interrupted before its end' } as const

test('all valid and every objective met is held', () => {
  expect(conclude({ failures: [], verdicts: [valid], objectives: [met] }).outcome).toBe('held')
})

test('an unknown verdict, an unmeasured objective or nothing judged is never held', () => {
  const unsure = [
    { failures: [], verdicts: [valid, unknown], objectives: [] },
    { failures: [], verdicts: [valid], objectives: [unmeasured] },
    { failures: [], verdicts: [], objectives: [] },
    { failures: [interrupted], verdicts: [valid], objectives: [] },
  ]
  expect(unsure.map((findings) => conclude(findings).outcome)).toEqual(
    Array(unsure.length).fill('inconclusive'),
  )
})

test('one violation outweighs everything that could not be told', () => {
  const findings = { failures: [interrupted], verdicts: [unknown, invalid], objectives: [] }
  expect(conclude(findings)).toEqual({
    outcome: 'broken',
    reason: 'linearizability is invalid: stale read',
  })
  expect(conclude({ failures: [], verdicts: [valid], objectives: [missed] }).reason).toBe(
    'objective missed: expected writeOutageMs to be at most 100, got 220',
  )
})

test('only a broken promise accuses etcd', () => {
  const { signal } = new AbortController()
  expect(failureOf(new GuaranteeBrokenError('a minority answered'), signal).outcome).toBe('broken')
  expect(failureOf(new Error('socket closed'), signal).outcome).toBe('inconclusive')
  expect(failureOf(new GuaranteeBrokenError('late'), AbortSignal.abort()).outcome).toBe(
    'inconclusive',
  )
})

test('where few were served before the fault, what took long accuses nobody, and a lie still does', () => {
  const { signal } = new AbortController()
  const failures = [
    failureOf(new GuaranteeBrokenError('not steady again', { ofTime: true }), signal),
  ]
  const slow = { failures, verdicts: [valid], objectives: [missed] }
  expect(conclude(slow).outcome).toBe('broken')
  const { outcome, reason } = conclude({ ...slow, isRateTooLow: true })
  expect(outcome).toBe('inconclusive')
  expect(reason).toMatch(/not steady again.*objective missed/)
  expect(conclude({ ...slow, verdicts: [invalid], isRateTooLow: true }).outcome).toBe('broken')
  const lied = [failureOf(new GuaranteeBrokenError('a minority answered'), signal)]
  expect(conclude({ ...slow, failures: lied, isRateTooLow: true }).outcome).toBe('broken')
})

test('a known bug explains a break with its symptom and no other, and is mentioned when it does not show', () => {
  const known = {
    issue: 'etcd-io/etcd#18089',
    summary: 'a watch loses a delete, until 3.5.16',
    symptom: /stale read/,
  }
  const found = { failures: [], objectives: [], known }
  expect(conclude({ ...found, verdicts: [invalid] }).outcome).toBe('known-issue')
  const other = conclude({ ...found, verdicts: [{ ...invalid, reason: 'a lost write' }] })
  expect(other.outcome).toBe('broken')
  expect(other.reason).toContain('did not show')
  const absent = conclude({ ...found, verdicts: [valid] })
  expect(absent.outcome).toBe('held')
  expect(absent.reason).toContain('did not show')
  expect(conclude({ ...found, verdicts: [unknown] }).outcome).toBe('inconclusive')
  const seldom = conclude({ ...found, known: { ...known, isRare: true }, verdicts: [valid] })
  expect(seldom.reason).not.toContain('did not show')
})

test('a known bug explains nothing but its own: with another break beside it all is broken', () => {
  const known = { issue: 'etcd-io/etcd#18089', summary: 'lost', symptom: /stale read/ }
  const verdicts = [invalid, { ...invalid, reason: 'a lost write' }]
  const both = conclude({ failures: [], verdicts, objectives: [], known })
  expect(both.outcome).toBe('broken')
  expect(both.reason).toContain('explains only a part')
})
