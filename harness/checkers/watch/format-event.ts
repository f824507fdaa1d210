import type { WatchedEvent } from '../../history/logs/watch.ts'
import { shorten } from '../verdict/format.ts'

/** For a reason; the evidence has the event whole. */
export function formatWatchEvent({
  type,
  key,
  value,
  modRevision,
}: Pick<WatchedEvent, 'type' | 'key' | 'value' | 'modRevision'>): string {
  const name = shorten(key)
  const what = type === 'put' ? `put ${name}=${shorten(value ?? '')}` : `delete ${name}`
  return `${what} at revision ${modRevision}`
}
