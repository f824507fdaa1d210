import type { RunRecord, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { type RunVerdict, verdictOf } from '../../harness/run-record/verdict.ts'
import { formatCount, formatQuantity } from './format.ts'

/** The tone of a whole run: its verdict, and known issues where nothing worse showed. */
type HeadlineOutcome = RunVerdict['outcome'] | 'known-issue'

const words: Readonly<Record<HeadlineOutcome, string>> = {
  held: 'Held',
  broken: 'Broken',
  inconclusive: 'Inconclusive',
  'known-issue': 'Known issues',
}

export interface Headline {
  readonly outcome: HeadlineOutcome
  readonly heading: string
  readonly sentence: string
  /** Acknowledged writes that clients no longer find, in sentences; first those against a promise. */
  readonly losses: readonly string[]
}

/**
 * What every report says first. A run in which a known issue showed exits with 0, and its headline
 * is not that of a run in which every guarantee held.
 */
export function headlineOf(record: RunRecord): Headline {
  const { outcome: verdict, counts, sentence } = verdictOf(record)
  const outcome = verdict === 'held' && counts['known-issue'] > 0 ? 'known-issue' : verdict
  return { outcome, heading: words[outcome], sentence, losses: lossesOf(record.scenarios) }
}

function lossesOf(scenarios: readonly ScenarioRecord[]): string[] {
  const against = scenarios.flatMap(({ title, measures }) => {
    const lost = measures.acknowledgedLost ?? 0
    return lost > 0 ? [`${formatCount(lost, 'acknowledged write')} lost: ${title}`] : []
  })
  return [...against, ...lossesOfRestores(scenarios)]
}

/** `lostWrites` counts what was acknowledged after the snapshot that a scenario restores. */
function lossesOfRestores(scenarios: readonly ScenarioRecord[]): string[] {
  const counts = scenarios
    .map(({ measures }) => measures.lostWrites ?? 0)
    .filter((lost) => lost > 0)
  const most = Math.max(...counts)
  if (counts.length === 0) return []
  const who = counts.length === 1 ? 'A restore' : `${formatQuantity(counts.length)} restores`
  const bound = counts.length === 1 ? '' : 'up to '
  const each = counts.length === 1 ? '' : ' each'
  const what = formatCount(most, 'acknowledged write')
  return [`${who} lost ${bound}${what}${each}, as restores do: those after the snapshot`]
}
