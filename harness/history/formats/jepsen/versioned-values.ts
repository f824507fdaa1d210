import type { OperationEvent } from '../../operations.ts'
import { isPair } from './pair.ts'

/**
 * The registers of Jepsen's etcd test have values `[version, value]`, and requests ask with
 * `[nil, value]`: the version is etcd's and known by the answer alone. Such a history, decided as a
 * whole, is judged by its values.
 */
export function dropVersions(
  events: readonly OperationEvent[],
  file: string,
): { readonly events: readonly OperationEvent[]; readonly warnings: readonly string[] } {
  const writes = events.filter(({ type, f }) => type === 'invoke' && (f === 'write' || f === 'cas'))
  const reads = events.filter(({ type, f }) => type === 'ok' && f === 'read')
  const isVersioned =
    writes.length > 0 &&
    writes.every(({ value }) => isPair(value) && value[0] === null) &&
    (writes.every(({ f }) => f === 'write') || writes.some(isVersionedCas)) &&
    reads.every(({ value }) => value === undefined || value === null || isPair(value))
  if (!isVersioned) return { events, warnings: [] }
  const warning = `${file}: values are [version, value]: the versions are not judged`
  return { events: events.map(withoutVersion), warnings: [warning] }
}

/** A plain cas from the empty register is `[nil, new]`, a versioned one `[nil, [old, new]]`. */
function isVersionedCas({ f, value }: OperationEvent): boolean {
  return f === 'cas' && isPair(value) && isPair(value[1])
}

function withoutVersion(event: OperationEvent): OperationEvent {
  return isPair(event.value) ? { ...event, value: event.value[1] } : event
}
