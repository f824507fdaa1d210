import type { Member } from '../../cluster/types.ts'
import { FaultError } from '../define-fault.ts'

/** Where the member's failpoints are set. Throws a FaultError where it has none. */
export function failpointEndpoint({ name, failpointsEndpoint }: Member): string {
  if (failpointsEndpoint !== undefined) return failpointsEndpoint
  throw new FaultError(`Expected ${name} to run a binary with failpoints, got one without`)
}

/** A FaultError for a member that passes none while it is asked. */
export function noneReached({ name }: Member, what: string): FaultError {
  return new FaultError(`Expected ${name} to pass a failpoint and ${what} there, got none`)
}
