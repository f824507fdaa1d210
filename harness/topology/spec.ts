import type { Shape } from '../core/schema/validator.ts'
import type { adjustmentSchema, architectureSchema, clusterSpecSchema } from './spec-schema.ts'

/** Of members and images: amd64 or arm64. */
export type Architecture = Shape<typeof architectureSchema>

/**
 * A cluster as plain data: everything that decides how its members are configured, and nothing
 * about containers. Written and read in every deployment form; saved in run.json.
 */
export interface ClusterSpec extends Shape<typeof clusterSpecSchema> {}

/** A setting of the user's that a scenario replaced for itself. */
export interface Adjustment extends Shape<typeof adjustmentSchema> {}

/** A member by its name, with what is its own. */
export type MemberSpec = ClusterSpec['members'][number]
/** The ports inside of the members' network. */
export type PortsSpec = ClusterSpec['ports']
/** How users prove who they are, where authentication is on. */
export type AuthSpec = NonNullable<ClusterSpec['auth']>
/** Where TLS is, and which certificates. */
export type TlsSpec = ClusterSpec['tls']
/** Of a certificate authority, or of the certificates that one kind of process shows. */
export type CertificateShapes = NonNullable<TlsSpec['certificates']>
export type CertificateShape = NonNullable<CertificateShapes['server']>

/** The type of the keys of a CA, or of certificates of that kind. */
export function keyTypeOf(tls: TlsSpec, kind: keyof CertificateShapes): TlsSpec['key'] {
  return tls.certificates?.[kind]?.key ?? tls.key
}
