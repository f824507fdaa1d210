import type { Operation } from '../../history/operations.ts'
import type { KeyFacts, Sighting } from './observations.ts'

/** Such as `get by process 3 at m2 tells that k1 at mod revision 9 is "v", version 2`. */
export function tell({ key, modRevision, isDeleted, by, ...rest }: Sighting): string {
  const what = isDeleted ? 'deleted' : formatMetadata(rest)
  return `${formatSource(by)} tells that ${key} at mod revision ${modRevision} is ${what}`
}

function formatMetadata({ value, createRevision, version, lease }: KeyFacts): string {
  const shown = value !== undefined && value.length > 40 ? `${value.slice(0, 40)}…` : value
  const parts = [
    shown === undefined ? '' : JSON.stringify(shown),
    createRevision === undefined ? '' : `createRevision ${createRevision}`,
    version === undefined ? '' : `version ${version}`,
    lease === undefined ? '' : `lease ${lease === '0' ? 'none' : lease}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

export function formatSource(by: Operation | string): string {
  if (typeof by === 'string') return by
  const { f, process, invoke } = by
  return `${f} by process ${process}${invoke.member === undefined ? '' : ` at ${invoke.member}`}`
}
