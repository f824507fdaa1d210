import { linesOf } from './lines.ts'

export interface LogLine {
  /** Wall clock; undefined when the line has none that we know. */
  readonly timeMs: number | undefined
  readonly level: 'error' | 'warn' | 'info'
  readonly text: string
}

export interface LogExcerpt {
  readonly member: string
  readonly lines: readonly LogLine[]
  /** How many lines the window had before it was cut to what matters most. */
  readonly inWindow: number
}

const maxLines = 40
const maxText = 300
const telling =
  /elect|leader|term|campaign|vote|lost|unreachable|timeout|alarm|corrupt|panic|restart|apply request took/i

/**
 * The lines of a member's log between two instants. Where there are more than a person would
 * read, warnings and what tells of elections stay, in their order. Undefined without a log file.
 */
export async function readLogExcerpt(
  member: string,
  file: string,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<LogExcerpt | undefined> {
  const lines: LogLine[] = []
  let lastMs: number | undefined
  try {
    for await (const raw of linesOf(file)) {
      const line = parseLine(raw, lastMs)
      lastMs = line.timeMs
      const at = line.timeMs ?? window.fromMs
      if (at >= window.fromMs && at <= window.toMs && raw.trim() !== '') lines.push(line)
    }
  } catch {
    return undefined
  }
  return { member, lines: mostTelling(lines), inWindow: lines.length }
}

function mostTelling(lines: readonly LogLine[]): LogLine[] {
  if (lines.length <= maxLines) return [...lines]
  const weight = ({ level, text }: LogLine) =>
    (level === 'error' ? 4 : level === 'warn' ? 2 : 0) + (telling.test(text) ? 3 : 0)
  const kept = lines
    .map((line, index) => ({ index, weight: weight(line) }))
    .sort((one, other) => other.weight - one.weight || one.index - other.index)
    .slice(0, maxLines)
    .map(({ index }) => index)
    .sort((one, other) => one - other)
  return kept.map((index) => lines[index] as LogLine)
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
