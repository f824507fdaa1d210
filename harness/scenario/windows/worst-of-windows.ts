import type { ObjectiveResult, ScenarioRecord } from '../../run-record/run-record.ts'

type Verdict = ScenarioRecord['verdicts'][number]

const verdictsWorstFirst = ['invalid', 'unknown', 'valid'] as const

/**
 * What a checker said that is worst, with the sums of what it judged; undefined when it judged none. Its
 * evidence stays where it is about the shown window.
 */
export function worstVerdict(
  checker: string,
  records: readonly ScenarioRecord[],
  shown: number,
): Verdict | undefined {
  const all = records.flatMap(({ verdicts }, index) =>
    verdicts.filter((one) => one.checker === checker).map((verdict) => ({ verdict, index })),
  )
  const value = verdictsWorstFirst.find((each) =>
    all.some(({ verdict }) => verdict.verdict === each),
  )
  const worst = all.filter(({ verdict }) => verdict.verdict === value)
  const found = worst.find(({ index }) => index === shown) ?? worst[0]
  if (found === undefined) return undefined
  const { evidence, reason, operations: _, ...verdict } = found.verdict
  const sumOf = (count: 'operations' | 'factsJudged') =>
    all.reduce((sum, one) => sum + (one.verdict[count] ?? 0), 0)
  const operations = sumOf('operations')
  return {
    ...verdict,
    factsJudged: sumOf('factsJudged'),
    ...(operations > 0 && { operations }),
    ...(reason !== undefined &&
      value !== 'valid' && { reason: `window ${found.index + 1}: ${reason}` }),
    ...(evidence !== undefined && found.index === shown && { evidence }),
  }
}

/** The worst result of each objective: missed, else not measured, else met. */
export function worstObjectives(records: readonly ScenarioRecord[]): ObjectiveResult[] {
  const all = records.flatMap(({ objectives }) => objectives)
  return [...Map.groupBy(all, ({ measure }) => measure).values()].flatMap((results) =>
    results.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, 1),
  )
}

function rankOf({ met, measured }: ObjectiveResult): number {
  if (met) return 2
  return measured === null ? 1 : 0
}
