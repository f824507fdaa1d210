import type { ClusterSpec } from '../../topology/spec.ts'
import type { Scenario } from '../scenario.ts'

/** Why a scenario cannot run with clients behind the doors of this cluster; undefined when it can. */
export function doorConflict(
  { behindDoors = {} }: Pick<Scenario, 'behindDoors'>,
  { door }: Pick<ClusterSpec, 'door'>,
): string | undefined {
  const reason = door && behindDoors[door]
  return reason && `clients come through a ${door}: ${reason}`
}
