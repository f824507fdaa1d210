/** One line of a member's log, as far as its form says. */
export interface LogLine {
  /** Wall clock; undefined when the line has no known timestamp. */
  readonly timeMs: number | undefined
  /** By zap's names (`warn`, `error`, `dpanic`, `panic`, `fatal`); undefined when the line has none. */
  readonly level: string | undefined
  readonly message: string
  /** What zap's JSON has besides time, level, caller, logger and message. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Go's race detector begins its report with this line. */
  readonly isDataRace: boolean
}

/** The timestamp that an engine puts before a line. */
const enginePrefix = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\s+(?=\S)/

/**
 * Parses any form that etcd writes: zap as JSON (from 3.5) or for a console, capnslog (before), and the
 * Go runtime's own lines. Never throws. Only the line's own level counts, never what it quotes: a key
 * may be named `panic: x`, and an info line may contain a request.
 */
export function parseLogLine(raw: string): LogLine {
  const fromConsole = parseConsole(raw)
  if (fromConsole !== undefined) return fromConsole
  const prefix = enginePrefix.exec(raw)
  const text = prefix === null ? raw : raw.slice(prefix[0].length)
  const line =
    parseJson(text) ??
    parseRuntime(text) ??
    parseConsole(text) ??
    parseCapnslog(text) ??
    other(text)
  return { ...line, timeMs: line.timeMs ?? timeOf(prefix?.[1]) }
}

const other = (message: string): LogLine => ({
  timeMs: undefined,
  level: undefined,
  message,
  fields: {},
  isDataRace: false,
})

/** A truncated line is no JSON, but its level comes first. */
function parseJson(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const parsed = JSON.parse(text) as Record<string, unknown>
    const { level, ts, caller: _, logger: __, msg, ...fields } = parsed
    const timeMs = typeof ts === 'number' ? ts * 1_000 : timeOf(ts)
    return {
      ...other(String(msg ?? '')),
      timeMs,
      level: typeof level === 'string' ? level.toLowerCase() : undefined,
      fields,
    }
  } catch {
    return { ...other(text), level: /^\{"level":"(\w+)"/.exec(text)?.[1] }
  }
}

/** How the Go runtime dies without a panic. A `SIGQUIT` asks it for its goroutines. */
const runtimeDeath =
  /^(?:fatal error: |runtime: out of memory|unexpected fault address |SIG(?:SEGV|BUS|ILL|FPE|ABRT): )/

function parseRuntime(text: string): LogLine | undefined {
  if (text.startsWith('panic: ')) return { ...other(text), level: 'panic' }
  if (runtimeDeath.test(text)) return { ...other(text), level: 'fatal' }
  if (!/^(?:WARNING: )?DATA RACE\b/.test(text)) return undefined
  return { ...other(text), level: 'error', isDataRace: true }
}

/**
 * The failpoint at which the process panicked, if the line says so: only one that was set does that. Some
 * goroutines of etcd log what they panic with before they let it go on.
 */
export function failpointPanicOf(raw: string): string | undefined {
  if (!raw.includes('failpoint panic: ')) return undefined
  const { level, message, fields } = parseLogLine(raw)
  if (level !== 'panic') return undefined
  const thrown = typeof fields.panic === 'string' ? `panic: ${fields.panic}` : message
  return /^panic: failpoint panic: (\S+)(?: \[recovered.*\])?$/.exec(thrown)?.[1]
}

/** Time, level, then caller, message and fields, between tabs. */
function parseConsole(text: string): LogLine | undefined {
  const match = /^(\S+)\t(\w+)\t(.*)$/s.exec(text)
  if (match === null) return undefined
  const [, time, level = '', message = ''] = match
  return {
    ...other(message.replaceAll('\t', '  ')),
    timeMs: timeOf(time),
    level: level.toLowerCase(),
  }
}

const capnslogLevels: Readonly<Record<string, string>> = {
  D: 'debug',
  I: 'info',
  N: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
}

function parseCapnslog(text: string): LogLine | undefined {
  const match = /^(\d{4}[-/]\d\d[-/]\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([A-Z]) \| (.*)$/s.exec(text)
  if (match === null) return undefined
  const [, day = '', time, letter = '', message = ''] = match
  const timeMs = timeOf(`${day.replaceAll('/', '-')}T${time}Z`)
  return { ...other(message), timeMs, level: capnslogLevels[letter] }
}

function timeOf(text: unknown): number | undefined {
  const timeMs = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isFinite(timeMs) ? timeMs : undefined
}
