/** The three leaf profiles of cfssl's guides. */
export type Profile = 'server' | 'client' | 'peer'

export interface ExtendedUsages {
  readonly serverAuth: boolean
  readonly clientAuth: boolean
}

/** The extended usages of each profile's certificates, beside signing and key encipherment. */
export const usagesOf: Readonly<Record<Profile, ExtendedUsages>> = {
  server: { serverAuth: true, clientAuth: false },
  client: { serverAuth: false, clientAuth: true },
  peer: { serverAuth: true, clientAuth: true },
}

export interface Subject {
  /** Empty = none. */
  readonly commonName: string
  readonly organization?: string
  readonly organizationalUnit?: string
  readonly country?: string
  readonly state?: string
  readonly locality?: string
}

interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

/** The content of a certificate, whichever library writes it. */
export interface CertificateContent extends Validity {
  readonly serialHex: string
  readonly subject: Subject
  readonly issuer: Subject
  readonly authority: boolean
  readonly usages?: ExtendedUsages
  /** DNS names and IP addresses, distinguished by their form. */
  readonly sans: readonly string[]
}

/** Subject fields with their short names, in the order that certificates carry them. */
export function subjectEntries(subject: Subject): readonly (readonly [string, string])[] {
  const fields = [
    ['C', subject.country],
    ['ST', subject.state],
    ['L', subject.locality],
    ['O', subject.organization],
    ['OU', subject.organizationalUnit],
    ['CN', subject.commonName],
  ] as const
  return fields.flatMap(([name, value]) => (value ? [[name, value] as const] : []))
}
