/** The leases of a cluster, and the keys that go with each. */
export interface Leases {
  has(lease: string): boolean
  grant(lease: string): { readonly error?: string }
  /** The keys that go with it, sorted; undefined when there is no such lease. */
  revoke(lease: string): string[] | undefined
  /** From now on the key goes with this lease and no other; `0` = with none. */
  attach(key: string, lease: string): void
}

export function createLeases(): Leases {
  const keysOf = new Map<string, Set<string>>()
  const leaseOf = new Map<string, string>()
  return {
    has: (lease) => keysOf.has(lease),
    grant: (lease) => {
      if (keysOf.has(lease)) return { error: 'lease already exists' }
      keysOf.set(lease, new Set())
      return {}
    },
    revoke: (lease) => {
      const keys = keysOf.get(lease)
      keysOf.delete(lease)
      return keys && [...keys].sort()
    },
    attach: (key, lease) => {
      keysOf.get(leaseOf.get(key) ?? '0')?.delete(key)
      leaseOf.set(key, lease)
      keysOf.get(lease)?.add(key)
    },
  }
}
