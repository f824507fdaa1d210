import type { OperationEvent } from '../operations.ts'

/**
 * Brings a line of another program into the format where that changes no verdict: an error that is
 * not text, a key that is null, a completion that does not repeat its `f`, a line without a time.
 * `odd` names a deviation for a person. A value that is no event stays as it is.
 */
export function normalizeEvent(
  parsed: unknown,
  { open, lastNs }: { readonly open: ReadonlyMap<number, OperationEvent>; readonly lastNs: number },
): { readonly line: unknown; readonly odd?: string } {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { line: parsed }
  const event = parsed as Record<string, unknown>
  const { type, f, process, key, error, timeNs } = event
  const isCompletion = type === 'ok' || type === 'fail' || type === 'info'
  const begun = isCompletion && f === undefined ? open.get(process as number)?.f : undefined
  const isWhole = begun === undefined && key !== null && timeNs !== undefined
  if (isWhole && (error === undefined || typeof error === 'string')) return { line: parsed }
  const line: Record<string, unknown> = {
    timeNs: lastNs,
    ...event,
    ...(begun !== undefined && { f: begun }),
  }
  if (key === null) delete line.key
  if (error !== undefined && typeof error !== 'string') line.error = JSON.stringify(error)
  return timeNs === undefined ? { line, odd: '`timeNs` is missing' } : { line }
}
