import type { Shape } from '../core/schema.ts'
import type { adjustmentSchema, architectureSchema, clusterSpecSchema } from './spec-schema.ts'

export type Architecture = Shape<typeof architectureSchema>

/**
 * A cluster as plain data: everything that decides how its members are configured, and nothing
 * about containers. Written and read in every deployment form; saved in run.json.
 */
export interface ClusterSpec extends Shape<typeof clusterSpecSchema> {}

export interface Adjustment extends Shape<typeof adjustmentSchema> {}

export type MemberSpec = ClusterSpec['members'][number]
export type PortsSpec = ClusterSpec['ports']
export type AuthSpec = NonNullable<ClusterSpec['auth']>
export type TlsSpec = ClusterSpec['tls']
