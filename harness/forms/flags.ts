import {
  type MemberConfiguration,
  type MemberPlace,
  memberConfiguration,
} from '../config/member.ts'
import type { ClusterSpec } from '../topology/spec.ts'

/** The arguments of one member's etcd, `--name=value` each, without the program. Pure. */
export function memberFlags(spec: ClusterSpec, place: MemberPlace): string[] {
  return renderFlags(memberConfiguration(spec, place))
}

/** One `--name=value` an option: the form that also holds for booleans. */
export function renderFlags(configuration: MemberConfiguration): string[] {
  return configuration.map(({ name, value }) => `--${name}=${value}`)
}
