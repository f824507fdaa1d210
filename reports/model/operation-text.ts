import type { Operation, OperationEvent } from '../../harness/history/operations.ts'

/** The request's value, shortened; a compare-and-set as `old → new`. */
export function argumentOf({ value }: OperationEvent): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? `${brief(value[0])} → ${brief(value[1])}` : brief(value)
}

/** What the client received, shortened. */
export function resultOf({ f, outcome, completion }: Operation): string {
  if (completion === undefined) return 'never completed'
  const parts = outcome === 'ok' ? [] : [outcome === 'info' ? 'unknown' : 'failed']
  if (completion.error !== undefined) parts.push(brief(completion.error))
  if (outcome === 'ok' && completion.applied === false) parts.push('compared unequal')
  const reads = f === 'get' || f === 'read'
  if (outcome === 'ok' && reads && completion.value !== undefined)
    parts.push(brief(completion.value))
  if (completion.revision !== undefined) parts.push(`rev ${completion.revision}`)
  return parts.join(' · ') || 'ok'
}

/** Of a long text the beginning: the list of a picture repeats it. */
export function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
