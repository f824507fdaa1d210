import { InputError } from '../../harness/core/errors.ts'
import { readLines } from '../../harness/history/lines.ts'

interface LogLine {
  /** Wall clock; undefined when the line has no known timestamp. */
  readonly timeMs: number | undefined
  readonly level: 'error' | 'warn' | 'info'
  readonly text: string
}

export interface LogExcerpt {
  readonly member: string
  readonly lines: readonly LogLine[]
  /** Lines in the window, of which `lines` are the most informative. */
  readonly inWindow: number
}

const maxLines = 40
const maxText = 300
const informative =
  /became (leader|candidate|follower|pre-candidate)|elected leader|lost leader|no leader|starting a new election|leadership|alarm|corrupt|panic|removed|ready to serve|lost TCP|peer became/i

/**
 * The lines of a member's log between two instants, in their order. Of more lines than a person would
 * read, elections, errors and warnings stay and repetitions go. Undefined without a log file.
 */
export async function readLogExcerpt(
  member: string,
  file: string,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<LogExcerpt | undefined> {
  const lines: LogLine[] = []
  let lastMs: number | undefined
  const keepWithin = (raw: string) => {
    const line = parseLine(raw, lastMs)
    lastMs = line.timeMs
    const at = line.timeMs ?? window.fromMs
    if (at >= window.fromMs && at <= window.toMs && raw.trim() !== '') lines.push(line)
  }
  try {
    keepWithin(await readLines(file, keepWithin))
  } catch (thrown) {
    // Of a log with a line that is too long, the lines before it are shown.
    if (!(thrown instanceof InputError)) return undefined
  }
  return { member, lines: mostInformative(lines), inWindow: lines.length }
}

function mostInformative(lines: readonly LogLine[]): LogLine[] {
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
  return kept.map((index) => lines[index] as LogLine)
}

/** Weight by level and content; the caller divides it for repetitions. */
function weightOf({ level, text }: LogLine): number {
  return 1 + (level === 'error' ? 6 : level === 'warn' ? 3 : 0) + (informative.test(text) ? 8 : 0)
}

/** zap's JSON (from 3.5), capnslog's text (before), or anything; a line without time has the last. */
function parseLine(raw: string, lastMs: number | undefined): LogLine {
  const json = raw.startsWith('{') ? parseJson(raw) : undefined
  if (json !== undefined) {
    const { level, ts, caller: _, logger: __, msg, ...rest } = json
    const timeMs = typeof ts === 'string' ? Date.parse(ts) : Number(ts) * 1_000
    const fields = Object.entries(rest).map(([name, value]) => `${name}=${brief(value)}`)
    const text = cut([String(msg ?? ''), ...fields].join('  '))
    return { timeMs: Number.isFinite(timeMs) ? timeMs : lastMs, level: levelOf(level), text }
  }
  const old = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+) ([A-Z]) \| (.*)$/.exec(raw)
  if (old === null) return { timeMs: lastMs, level: 'info', text: cut(raw) }
  const [, day, time, letter, text = ''] = old
  return { timeMs: Date.parse(`${day}T${time}Z`), level: levelOf(letter), text: cut(text) }
}

function parseJson(raw: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(raw) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function levelOf(level: unknown): LogLine['level'] {
  if (/^(error|dpanic|panic|fatal|E|C)$/.test(String(level))) return 'error'
  return /^(warn|W)$/.test(String(level)) ? 'warn' : 'info'
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text
}
