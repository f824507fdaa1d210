import type { Operation } from '../../history/operations.ts'
import { mayBeStale } from '../../history/stale.ts'

const longest = 60
const shownAtEachEnd = 28

/** Long text by its beginning and its end: the history has it whole. */
export function shorten(text: string): string {
  if (text.length <= longest) return text
  return `${text.slice(0, shownAtEachEnd)}…${text.slice(-shownAtEachEnd)}`
}

export function formatValue(value: unknown): string {
  return value === null || value === undefined ? 'no value' : shorten(JSON.stringify(value))
}

/** What a key holds, or what an answer shows of it: a value that is undefined is not shown. */
export function formatCell({
  value,
  mod,
  version = -1,
}: {
  readonly value: string | null | undefined
  readonly mod: number
  /** -1 = left out. */
  readonly version?: number
}) {
  if (value === null) return 'missing'
  const shown = value === undefined ? 'there' : formatValue(value)
  return `${shown} (modRevision ${mod}${version < 0 ? '' : `, version ${version}`})`
}

/** Request, process and member: `put of k3 = "v7" by process 4 at m2`. */
export function formatRequest({ f, process, invoke }: Operation): string {
  const stale = mayBeStale(invoke) ? 'serializable ' : ''
  const key = invoke.key === undefined || f === 'range' ? '' : ` of ${shorten(invoke.key)}`
  const name = invoke.member ?? invoke.door
  const at = name === undefined ? '' : ` at ${name}`
  return `${stale}${f}${key}${formatArgument(f, invoke.value)} by process ${process}${at}`
}

function formatArgument(f: string, value: unknown): string {
  if (f === 'put') return ` = ${formatValue(value)}`
  if (f !== 'cas' || !Array.isArray(value)) return ''
  return ` from ${formatValue(value[0])} to ${formatValue(value[1])}`
}
