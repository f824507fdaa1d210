/** The kinds of violation of `lease`. */
export const leaseCodes = [
  'lost-while-kept-alive',
  'alive-after-expiry',
  'alive-after-revoke',
  'wrong-ttl',
  'other-lease',
] as const

export interface LeaseViolation {
  readonly code: (typeof leaseCodes)[number]
  readonly guarantee: 'kept' | 'expired' | 'revoked' | 'time to live' | 'id'
  /** The key that was read, or the lease. */
  readonly partition: string
  /** Its id, in decimal. */
  readonly lease: string
  /** Event index of the read; a request of the lease is in no history. */
  readonly culprit?: number
  /** Event index of the put that tied the key to the lease. */
  readonly put?: number
  /** Of a wrong answer about the lease: its request, by position in the entries of leases.jsonl. */
  readonly request?: number
  /** When the acknowledged grant or renewal was sent that keeps it longest, and for how long it does. */
  readonly keptFromNs?: number
  readonly keptUntilNs?: number
  /** When it had to be gone. */
  readonly goneSinceNs?: number
  readonly expected: string
  readonly found: string
}

/** How much the evidence tests of each guarantee. */
export interface Coverage {
  /** Reads at a time at which the key had to be there, or missing. */
  kept: number
  expired: number
  revoked: number
  /** Answers of grants and renewals whose time to live was compared, or had to be none. */
  answers: number
  /** Keys that were missing too early, where a stalled member may have come back. */
  lostToStalled: number
  /** Leases of the kept reads, and of the excused losses. */
  readonly keptLeases: Set<string>
  readonly lostLeases: Set<string>
}

export function openCoverage(): Coverage {
  const counts = { kept: 0, expired: 0, revoked: 0, answers: 0, lostToStalled: 0 }
  return { ...counts, keptLeases: new Set(), lostLeases: new Set() }
}

export const nsPerS = 1e9

export const formatNs = (ns: number) => `${(ns / nsPerS).toFixed(2)} s`
