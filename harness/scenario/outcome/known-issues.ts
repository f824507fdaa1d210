import type { CheckInput } from '../../checkers/checker.ts'
import type { KnownIssue, ScenarioPlan } from '../../run-record/scenario-plan.ts'
import { isAffected } from '../../topology/version.ts'

/**
 * What is known to break here: the scenario's bug, and those of what clients come through. A bug explains
 * nothing on a version, or on a way between versions, that it does not affect, nor one of compaction where
 * nothing compacts.
 */
export function knownIssueIn(
  { knownIssue, doorIssues = [], spec, upgradeTo = [] }: ScenarioPlan,
  { watches }: Pick<CheckInput, 'watches'>,
): KnownIssue | undefined {
  const affects = ({ versions = {}, upgradesTo, needsCompaction = false }: KnownIssue) => {
    if (!isAffected(spec.version, versions)) return false
    if (needsCompaction && !mayHaveCompacted(watches)) return false
    return upgradesTo === undefined || upgradeTo.some((version) => isAffected(version, upgradesTo))
  }
  const all = [...(knownIssue === undefined ? [] : [knownIssue]), ...doorIssues].filter(affects)
  return all.length === 0 ? undefined : all.reduce(joinIssues)
}

/** One that shows in either way. That the first did not show is said where it is not rare. */
function joinIssues(one: KnownIssue, other: KnownIssue): KnownIssue {
  const listOf = (name: keyof KnownIssue['symptom']) => [
    ...(one.symptom[name] ?? []),
    ...(other.symptom[name] ?? []),
  ]
  return {
    ...one,
    issue: `${one.issue} and ${other.issue}`,
    summary: `${one.summary}; ${other.summary}`,
    symptom: { expectations: listOf('expectations'), violations: listOf('violations') },
  }
}

/** False where the log of the watchers has every compaction, and none. */
function mayHaveCompacted(watches: CheckInput['watches']): boolean {
  if (watches?.header.recordsCompactions !== true) return true
  return watches.entries.some(({ type }) => type === 'compaction')
}
