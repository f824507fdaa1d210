/**
 * Whom one end of a TLS connection trusts, and what it shows to the other; PEM. Without a pair it
 * shows nothing.
 */
export interface TlsCredentials {
  readonly caPem: string
  readonly certPem?: string
  readonly keyPem?: string
}
