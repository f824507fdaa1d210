import type { Operation } from '../../history/operations.ts'
import { formatRequest, formatValue } from '../verdict/format.ts'
import type { KeyFacts, KeyObservation } from './observations.ts'

/** Such as `get of k1 by process 3 at m2 shows k1 at mod revision 9 as "v", version 2`. */
export function formatObservation({
  key,
  modRevision,
  isDeleted,
  by,
  ...rest
}: KeyObservation): string {
  const what = isDeleted ? 'deleted' : formatMetadata(rest)
  return `${formatSource(by)} shows ${key} at mod revision ${modRevision} as ${what}`
}

function formatMetadata({ value, createRevision, version, lease }: KeyFacts): string {
  const parts = [
    value === undefined ? '' : formatValue(value),
    createRevision === undefined ? '' : `createRevision ${createRevision}`,
    version === undefined ? '' : `version ${version}`,
    lease === undefined ? '' : `lease ${lease === '0' ? 'none' : lease}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** A request, or the watcher of a member. */
export function formatSource(by: Operation | string): string {
  return typeof by === 'string' ? by : formatRequest(by)
}
