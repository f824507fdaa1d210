const derived = 'it follows from the cluster and its addresses'
const revoked = 'it revokes certificates of your own authority, and Gauntlet issues others'
const certificates = 'Gauntlet issues the certificates and knows where they lie'

/** Options that are Gauntlet's to set, with the reason. Everything else is the user's. */
const reserved: Readonly<Record<string, string>> = {
  name: derived,
  'data-dir': 'the data lies on a volume that scenarios wipe and restore',
  'wal-dir': 'the data lies on a volume that scenarios wipe and restore',
  'config-file': 'etcd ignores every other option when it reads a file',
  discovery: 'members find each other through `initial-cluster`',
  'cert-file': certificates,
  'key-file': certificates,
  'trusted-ca-file': certificates,
  'ca-file': certificates,
  'client-cert-auth': 'set `tls.client` instead',
  'client-cert-file': certificates,
  'client-key-file': certificates,
  'client-crl-file': revoked,
  'peer-crl-file': revoked,
  'auto-tls': 'set `tls.client` instead',
  'peer-cert-file': certificates,
  'peer-key-file': certificates,
  'peer-trusted-ca-file': certificates,
  'peer-ca-file': certificates,
  'peer-client-cert-auth': 'set `tls.peer` instead',
  'peer-auto-tls': 'set `tls.peer` instead',
  version: 'it prints the version and exits',
  help: 'it prints the help and exits',
  proxy: 'a proxy is not a member',
  'force-new-cluster': 'a scenario restarts one member with it, never the whole cluster',
}

const reservedPrefixes: readonly (readonly [prefix: string, reason: string])[] = [
  ['listen-', derived],
  ['advertise-', derived],
  ['initial-', derived],
  ['discovery-', 'members find each other through `initial-cluster`'],
]

/** Begin as if they were Gauntlet's, but are not. */
const freeAlthoughPrefixed = new Set(['initial-election-tick-advance'])

/** Why the user may not set this option; undefined when they may. */
export function reservedBecause(option: string): string | undefined {
  if (freeAlthoughPrefixed.has(option)) return undefined
  if (Object.hasOwn(reserved, option)) return reserved[option]
  return reservedPrefixes.find(([prefix]) => option.startsWith(prefix))?.[1]
}

/** Whether this could be the name of an etcd flag, without dashes: `quota-backend-bytes`. */
export function looksLikeOption(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)
}
