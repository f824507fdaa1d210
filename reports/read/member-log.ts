import { existsSync } from 'node:fs'
import { InputError } from '../../harness/core/errors.ts'
import { parseLogLine } from '../../harness/core/etcd/log-line.ts'
import { readLines } from '../../harness/history/files/lines.ts'
import { compressedName } from '../../harness/history/files/text.ts'

interface ShownLine {
  /** Wall clock; undefined when the line has no known timestamp. */
  readonly timeMs: number | undefined
  readonly level: 'error' | 'warn' | 'info'
  readonly text: string
}

export interface LogExcerpt {
  readonly member: string
  readonly lines: readonly ShownLine[]
  /** Lines in the window, of which `lines` are the most informative. */
  readonly inWindow: number
}

const maxLines = 40
const maxText = 300
const informative =
  /became (leader|candidate|follower|pre-candidate)|elected leader|lost leader|no leader|starting a new election|leadership|alarm|corrupt|panic|removed|ready to serve|lost TCP|peer became/i

/**
 * The lines of a member's log between two instants, in their order. Of more lines than a person would
 * read, elections, errors and warnings stay and repetitions go. The file may be compressed. Undefined
 * without one.
 */
export async function readLogExcerpt(
  member: string,
  file: string,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<LogExcerpt | undefined> {
  const lines: ShownLine[] = []
  let lastMs: number | undefined
  const keepWithin = (raw: string) => {
    const line = shownLine(raw, lastMs)
    lastMs = line.timeMs
    const at = line.timeMs ?? window.fromMs
    if (at >= window.fromMs && at <= window.toMs && raw.trim() !== '') lines.push(line)
  }
  try {
    keepWithin(await readLines(existsSync(file) ? file : compressedName(file), keepWithin))
  } catch (thrown) {
    // Of a log with a line that is too long, the lines before it are shown.
    if (!(thrown instanceof InputError)) return undefined
  }
  return { member, lines: mostInformative(lines), inWindow: lines.length }
}

function mostInformative(lines: readonly ShownLine[]): ShownLine[] {
  if (lines.length <= maxLines) return [...lines]
  const seen = new Map<string, number>()
  const weights = lines.map((line) => {
    const message = line.text.split('  ')[0] ?? ''
    const times = (seen.get(message) ?? 0) + 1
    seen.set(message, times)
    return weightOf(line) / (times <= 3 ? 1 : times)
  })
  const kept = [...lines.keys()]
    .sort((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0) || one - other)
    .slice(0, maxLines)
    .sort((one, other) => one - other)
  return kept.map((index) => lines[index] as ShownLine)
}

/** Weight by level and content; the caller divides it for repetitions. */
function weightOf({ level, text }: ShownLine): number {
  return 1 + (level === 'error' ? 6 : level === 'warn' ? 3 : 0) + (informative.test(text) ? 8 : 0)
}

/** A line without a time has the last one's. */
function shownLine(raw: string, lastMs: number | undefined): ShownLine {
  const { timeMs = lastMs, level, message, fields } = parseLogLine(raw)
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${brief(value)}`)
  return { timeMs, level: levelOf(level), text: cut([message, ...pairs].join('  ')) }
}

const errorLevels: ReadonlySet<string | undefined> = new Set(['error', 'dpanic', 'panic', 'fatal'])

function levelOf(level: string | undefined): ShownLine['level'] {
  if (errorLevels.has(level)) return 'error'
  return level === 'warn' ? 'warn' : 'info'
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text
}
