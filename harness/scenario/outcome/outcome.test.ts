import { expect, test } from 'vitest'
import type { Verdict } from '../../checkers/checker.ts'
import { GuaranteeBrokenError } from '../../core/errors.ts'
import type { Failure } from '../../run-record/evidence/observations.ts'
import type { KnownIssue } from '../scenario.ts'
import { failuresOf } from './failures-of.ts'
import { conclude } from './outcome.ts'

const valid: Verdict = { checker: 'durability', verdict: 'valid', factsJudged: 1 }
const unknown: Verdict = {
  checker: 'linearizability',
  verdict: 'unknown',
  reason: 'gave up',
  factsJudged: 0,
}
const invalid: Verdict = {
  checker: 'linearizability',
  factsJudged: 1,
  verdict: 'invalid',
  code: 'stale-read',
  reason: 'stale read',
}
const lied = { expectation: 'minority-acknowledges-no-write' }
const slow = { expectation: 'steady-after-fault' }
const met = { measure: 'writeOutageMs', atMost: 100, measured: 20, met: true }
const missed = { measure: 'writeOutageMs', atMost: 100, measured: 220, met: false }
const unmeasured = { measure: 'writeOutageMs', atMost: 100, measured: null, met: false }
const interrupted = { outcome: 'inconclusive', reason: 'the run was interrupted' } as const

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

test('one violation outweighs every unknown', () => {
  const findings = { failures: [interrupted], verdicts: [unknown, invalid], objectives: [] }
  expect(conclude(findings)).toEqual({
    outcome: 'broken',
    reason: 'linearizability is invalid: stale read',
    broken: ['linearizability/stale-read'],
  })
  expect(conclude({ failures: [], verdicts: [valid], objectives: [missed] }).reason).toBe(
    'objective missed: expected writeOutageMs to be at most 100, observed 220',
  )
})

test('a promise that is broken again and again is said once, with how often', () => {
  const failure: Failure = {
    outcome: 'broken',
    ...lied,
    reason: 'expected no, observed yes',
    timeNs: 1,
  }
  const { reason, broken } = conclude({
    failures: [failure, { ...failure, timeNs: 2 }, { ...failure, timeNs: 3 }],
    verdicts: [valid, invalid],
    objectives: [],
  })
  expect(reason).toBe('expected no, observed yes (3 times); linearizability is invalid: stale read')
  expect(broken).toEqual([lied.expectation, 'linearizability/stale-read'])
})

test('only a broken promise is broken, any other error is inconclusive', () => {
  const { signal } = new AbortController()
  const outcomes = (thrown: unknown, during: AbortSignal) =>
    failuresOf(thrown, during).map(({ outcome }) => outcome)
  const answered = new GuaranteeBrokenError('a minority answered', lied)
  expect(outcomes(answered, signal)).toEqual(['broken'])
  expect(outcomes(new Error('socket closed'), signal)).toEqual(['inconclusive'])
  const late = new GuaranteeBrokenError('late', slow)
  expect(outcomes(late, AbortSignal.abort())).toEqual(['inconclusive'])
})

test('a promise broken while faults could not be undone is broken, and the reason says both', () => {
  const { signal } = new AbortController()
  const answered = new GuaranteeBrokenError('a minority answered', lied)
  const late = new GuaranteeBrokenError('not steady again', { ...slow, isTooSlow: true })
  const stays = new Error('the network stays cut')
  const thrown = new SuppressedError(late, new SuppressedError(stays, answered))
  const failures = failuresOf(thrown, signal)
  expect(failures).toEqual([
    { outcome: 'broken', ...lied, reason: 'a minority answered; also: the network stays cut' },
    { outcome: 'broken', ...slow, isTooSlow: true, reason: 'not steady again' },
  ])
  expect(conclude({ failures, verdicts: [valid], objectives: [] }).outcome).toBe('broken')
  expect(failuresOf(new AggregateError([stays, answered]), signal)).toEqual([failures[0]])
})

test('without a broken promise the first error is the reason, the others follow', () => {
  const { signal } = new AbortController()
  const thrown = new SuppressedError(new Error('volume busy'), new Error('no leader'))
  const reason = 'no leader; volume busy'
  expect(failuresOf(thrown, signal)).toEqual([{ outcome: 'inconclusive', reason }])
})

test('with a low rate before the fault a slow recovery is inconclusive, and a lie is broken', () => {
  const { signal } = new AbortController()
  const failures = [
    ...failuresOf(
      new GuaranteeBrokenError('not steady again', { ...slow, isTooSlow: true }),
      signal,
    ),
  ]
  const late = { failures, verdicts: [valid], objectives: [missed] }
  expect(conclude(late).outcome).toBe('broken')
  const { outcome, reason } = conclude({ ...late, isTooBusy: true })
  expect(outcome).toBe('inconclusive')
  expect(reason).toMatch(/not steady again.*objective missed/)
  expect(conclude({ ...late, verdicts: [invalid], isTooBusy: true }).outcome).toBe('broken')
  // A promise waits so long that a machine which is a little late excuses only the objective.
  const little = conclude({ ...late, isTooBusy: true, isOverwhelmed: false })
  expect(little.outcome).toBe('broken')
  expect(little.reason).not.toMatch(/objective missed/)
  const brokenToo = failuresOf(new GuaranteeBrokenError('a minority answered', lied), signal)
  expect(conclude({ ...late, failures: brokenToo, isTooBusy: true }).outcome).toBe('broken')
})

const known: KnownIssue = {
  issue: 'etcd-io/etcd#18089',
  summary: 'a watch loses a delete, until 3.5.16',
  symptom: {
    expectations: ['watch-delivers-deletion'],
    violations: ['linearizability/stale-read'],
  },
}
const lostWrite: Verdict = { ...invalid, code: 'lost-write', reason: 'a lost write' }
const missedDeletion: Failure = {
  outcome: 'broken',
  expectation: 'watch-delivers-deletion',
  reason: 'expected the watch to deliver the deletion, observed nothing',
}

test('a known issue explains a break that its symptom names, and is mentioned when it does not show', () => {
  const found = { failures: [], objectives: [], known }
  expect(conclude({ ...found, verdicts: [invalid] }).outcome).toBe('known-issue')
  const other = conclude({ ...found, verdicts: [lostWrite] })
  expect(other.outcome).toBe('broken')
  expect(other.reason).toContain('did not show')
  const absent = conclude({ ...found, verdicts: [valid] })
  expect(absent.outcome).toBe('held')
  expect(absent.reason).toContain('did not show')
  expect(conclude({ ...found, verdicts: [unknown] }).outcome).toBe('inconclusive')
  const rare = conclude({ ...found, known: { ...known, isRare: true }, verdicts: [valid] })
  expect(rare.reason).not.toContain('did not show')
})

test('a known issue is inconclusive while anything else is in doubt, with both reasons', () => {
  const found = { failures: [], objectives: [], verdicts: [invalid], known }
  const doubts = [
    { failures: [interrupted] },
    { failures: [{ outcome: 'inconclusive' as const, reason: 'the fault kill had no effect' }] },
    { verdicts: [invalid, unknown] },
  ]
  for (const doubt of doubts) {
    const { outcome, reason, broken } = conclude({ ...found, ...doubt })
    expect(outcome).toBe('inconclusive')
    expect(reason).toMatch(/18089.*: linearizability is invalid: stale read; (the|linearizability)/)
    expect(broken).toEqual(['linearizability/stale-read'])
  }
})

test('what was expected of a fault without effect is inconclusive, a violation stays broken', () => {
  const proof = (observed: boolean) => ({ observed, expected: 'no packet', measured: [] })
  const faults = [
    { name: 'isolate', beginNs: 10, endNs: 20, proof: proof(false) },
    { name: 'kill', beginNs: 15, endNs: 40, proof: proof(true) },
  ]
  const at = (timeNs: number) => ({ ...missedDeletion, timeNs })
  const found = { verdicts: [valid], objectives: [], faults }
  const { outcome, reason, broken } = conclude({ ...found, failures: [at(18)] })
  expect(outcome).toBe('inconclusive')
  expect(broken).toBeUndefined()
  expect(reason).toBe(
    `watch-delivers-deletion proves nothing, the effect of isolate was not observed: ${missedDeletion.reason}`,
  )
  // The fault's lack of effect is a plainer reason than a busy machine.
  const late = conclude({
    ...found,
    failures: [{ ...at(18), isTooSlow: true }],
    isOverwhelmed: true,
  })
  expect(late).toMatchObject({ outcome: 'inconclusive', reason })
  for (const failure of [at(5), at(30), missedDeletion]) {
    expect(conclude({ ...found, failures: [failure] }).outcome).toBe('broken')
  }
  expect(conclude({ ...found, failures: [at(18)], verdicts: [invalid] }).outcome).toBe('broken')
  const { signal } = new AbortController()
  const thrown = failuresOf(new GuaranteeBrokenError('a minority answered', lied), signal, 12)
  expect(conclude({ ...found, failures: thrown }).outcome).toBe('inconclusive')
})

test('the reason of a known issue names the versions that it affects', () => {
  const found = { failures: [], objectives: [], verdicts: [invalid] }
  const versions = { since: ['3.5.0'], fixedIn: ['3.5.16', '3.6.1'] }
  const { reason } = conclude({ ...found, known: { ...known, versions } })
  expect(reason).toContain(`${known.summary}; since 3.5.0; fixed in 3.5.16 and 3.6.1)`)
})

test('a known issue explains expectations and thrown failures by their ids, whatever they say', () => {
  const broken = { failures: [missedDeletion], verdicts: [valid, invalid], objectives: [], known }
  const { outcome, broken: ids } = conclude(broken)
  expect(outcome).toBe('known-issue')
  expect(ids).toEqual(['watch-delivers-deletion', 'linearizability/stale-read'])
  const thrown = failuresOf(
    new GuaranteeBrokenError('any words', { expectation: 'watch-delivers-deletion' }),
    new AbortController().signal,
  )
  expect(conclude({ ...broken, failures: thrown }).outcome).toBe('known-issue')
  const sameWords = { ...missedDeletion, expectation: 'another-promise' }
  expect(conclude({ ...broken, failures: [sameWords] }).outcome).toBe('broken')
})

test('a known issue explains nothing else: with another break the scenario is broken', () => {
  const another = [
    { verdicts: [invalid, lostWrite] },
    { verdicts: [invalid, { checker: 'durability', verdict: 'invalid' as const, factsJudged: 1 }] },
    { verdicts: [invalid, { ...invalid, codes: ['stale-read', 'lost-write'] }] },
    { verdicts: [invalid], failures: [{ ...missedDeletion, expectation: 'members-converge' }] },
    { verdicts: [invalid], objectives: [missed] },
  ]
  for (const findings of another) {
    const both = conclude({ failures: [], objectives: [], known, ...findings })
    expect(both.outcome).toBe('broken')
    expect(both.reason).toContain('explains only some failures')
  }
})
