import type { Verdict } from '../../harness/checkers/checker.ts'
import type { WatchViolation } from '../../harness/checkers/watch/violation.ts'
import { type RawLines, readWatchLines } from './raw-lines.ts'

/** What watchers received wrongly, each with its guarantee; first the one that the reason names. */
export interface WatchViolations {
  readonly checker: string
  readonly rows: readonly WatchViolation[]
  readonly raw?: RawLines
}

/** Undefined for a verdict that is not about watches; `path` is that of watch.jsonl. */
export async function watchViolationsOf(
  { checker, evidence }: Pick<Verdict, 'checker' | 'evidence'>,
  path: string,
): Promise<WatchViolations | undefined> {
  const rows = Array.isArray(evidence?.violations) ? evidence.violations.filter(isViolation) : []
  const [first] = rows
  if (first === undefined) return undefined
  const raw = await readWatchLines(path, new Set([first.revision]))
  return { checker, rows, ...(raw !== undefined && { raw }) }
}

/** A record comes from a file: what is not a violation is left out. */
function isViolation(value: unknown): value is WatchViolation {
  if (typeof value !== 'object' || value === null) return false
  const { guarantee, member, revision, text } = value as Partial<Record<string, unknown>>
  return (
    [guarantee, member, text].every((part) => typeof part === 'string') &&
    typeof revision === 'number'
  )
}
