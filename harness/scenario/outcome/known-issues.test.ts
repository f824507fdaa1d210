import { expect, test } from 'vitest'
import type { CheckInput } from '../../checkers/checker.ts'
import type { KnownIssue, ScenarioPlan } from '../../run-record/scenario-plan.ts'
import { doorTraits } from '../../topology/door.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { knownIssueIn } from './known-issues.ts'
import { conclude } from './outcome.ts'

const own: KnownIssue = {
  issue: 'own#1',
  summary: 'its own',
  symptom: { expectations: ['a'] },
  versions: { fixedIn: ['3.6.0'] },
}
const doorIssues: KnownIssue[] = [
  { issue: 'door#1', summary: 'misses events', symptom: { violations: ['b'] }, isRare: true },
  {
    issue: 'door#2',
    summary: 'is silent',
    symptom: { expectations: ['c'] },
    isRare: true,
    needsCompaction: true,
  },
]

const compaction = { type: 'compaction', timeNs: 1, member: 'm1', revision: 2 }

function known(version: string, parts: Partial<ScenarioPlan>, entries: readonly object[] = []) {
  const header = { format: 'gauntlet-watch/1', recordsCompactions: true }
  const watches = { header, entries } as unknown as NonNullable<CheckInput['watches']>
  const plan = { spec: sampleSpec({ version }), ...parts } as ScenarioPlan
  return knownIssueIn(plan, { watches })
}

test('the bugs of a door explain what they break beside that of the scenario', () => {
  expect(known('3.5.16', { knownIssue: own, doorIssues }, [compaction])).toMatchObject({
    issue: 'own#1 and door#1 and door#2',
    symptom: { expectations: ['a', 'c'], violations: ['b'] },
  })
  expect(known('3.5.16', { knownIssue: own, doorIssues })?.symptom.expectations).toEqual(['a'])
})

test('where the bug of the scenario is fixed, those of the door are left, and are rare', () => {
  expect(known('3.6.0', { knownIssue: own, doorIssues })).toMatchObject({
    issue: 'door#1',
    isRare: true,
  })
  expect(known('3.6.0', { knownIssue: own })).toBeUndefined()
})

test('a missing event behind a gRPC proxy is its known issue only where the proxy lost it', () => {
  const issues: KnownIssue[] = [...doorTraits['grpc-proxy'].knownIssues]
  const outcomeOf = (...codes: string[]) => {
    const verdict = { checker: 'watch', verdict: 'invalid', factsJudged: 1, codes } as const
    return conclude({
      failures: [],
      verdicts: [verdict],
      objectives: [],
      known: known('3.6.14', { doorIssues: issues }, [compaction]),
    }).outcome
  }
  expect(outcomeOf('event-lost-by-proxy')).toBe('known-issue')
  expect(outcomeOf('event-missing')).toBe('broken')
  expect(outcomeOf('event-lost-by-proxy', 'event-missing')).toBe('broken')
})
