import type { MatrixCell } from '../../../harness/run-record/matrix-record.ts'
import type {
  RunRecord,
  ScenarioOutcome,
  ScenarioRecord,
} from '../../../harness/run-record/run-record.ts'
import { outcomeOf } from '../../../harness/run-record/verdict.ts'

/** A cell of a matrix with the record of its run, where it has one. */
export interface MatrixColumn {
  readonly cell: MatrixCell
  readonly record?: RunRecord
}

/** The measures that a matrix shows and compares. */
export const comparedMeasures = ['writeOutageMs', 'readOutageMs', 'acknowledgedLost'] as const

export type Difference = 'outcome' | (typeof comparedMeasures)[number]

/** How one scenario ended in one cell. */
export interface MatrixEntry {
  readonly scenario: ScenarioRecord
  readonly outcome: ScenarioOutcome
  /** In what it differs from the first cell that has the scenario. */
  readonly differences: readonly Difference[]
}

export interface MatrixRow {
  readonly id: string
  readonly title: string
  /** One a column; undefined where the cell has no run. */
  readonly entries: readonly (MatrixEntry | undefined)[]
}

/** A row for each scenario that ran somewhere: what no cell ran has nothing to compare. */
export function tabulate(columns: readonly MatrixColumn[]): MatrixRow[] {
  const all = columns.flatMap(({ record }) => record?.scenarios ?? [])
  return [...Map.groupBy(all, ({ id }) => id)]
    .filter(([, same]) => same.some((scenario) => outcomeOf(scenario) !== 'not-run'))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, [first]]) => ({
      id,
      title: first?.title ?? id,
      entries: columns.map(({ record }) => entryOf(record, id, first)),
    }))
}

function entryOf(
  record: RunRecord | undefined,
  id: string,
  first: ScenarioRecord | undefined,
): MatrixEntry | undefined {
  const scenario = record?.scenarios.find((one) => one.id === id)
  if (scenario === undefined || first === undefined) return undefined
  return { scenario, outcome: outcomeOf(scenario), differences: findDifferences(first, scenario) }
}

function findDifferences(first: ScenarioRecord, other: ScenarioRecord): Difference[] {
  const measures = comparedMeasures.filter((name) =>
    isFarApart(name, first.measures[name], other.measures[name]),
  )
  return [...(outcomeOf(first) === outcomeOf(other) ? [] : (['outcome'] as const)), ...measures]
}

/** An election draws its timeout, so that two outages of one cluster differ by as much. */
const leastFactor = 2
const leastMs = 1_000

/** Losses differ by one write, outages by a factor and a second. What was not measured does not. */
function isFarApart(
  name: (typeof comparedMeasures)[number],
  one: number | null | undefined,
  other: number | null | undefined,
): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return false
  if (!name.endsWith('Ms')) return one !== other
  const [low = 0, high = 0] = [one, other].sort((a, b) => a - b)
  return high - low >= leastMs && high >= leastFactor * low
}
