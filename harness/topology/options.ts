import { InputError } from '../core/errors.ts'

/** What the user's `--flag name=value` arguments come to. */
export interface ParsedOptions {
  readonly options: Readonly<Record<string, string>>
  readonly heartbeatIntervalMs?: number
  readonly electionTimeoutMs?: number
}

const derived = 'it follows from the cluster and its addresses'
const certificates = 'Gauntlet issues the certificates and knows where they lie'

/** Options that are Gauntlet's to set, with the reason. Everything else is the user's. */
const owned: Readonly<Record<string, string>> = {
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

const ownedPrefixes: readonly (readonly [prefix: string, reason: string])[] = [
  ['listen-', derived],
  ['advertise-', derived],
  ['initial-', derived],
  ['discovery-', 'members find each other through `initial-cluster`'],
]

/** Begin as if they were Gauntlet's, but are not. */
const freeAlthoughPrefixed = new Set(['initial-election-tick-advance'])

/** Why the user may not set this option; undefined when they may. */
export function ownedBecause(option: string): string | undefined {
  if (freeAlthoughPrefixed.has(option)) return undefined
  if (Object.hasOwn(owned, option)) return owned[option]
  return ownedPrefixes.find(([prefix]) => option.startsWith(prefix))?.[1]
}

/** Whether this could be the name of an etcd flag, without dashes: `quota-backend-bytes`. */
export function looksLikeOption(name: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)
}

/**
 * Reads `name=value` arguments, leading dashes allowed. The heartbeat and the election timeout
 * become their fields of the spec. Throws an InputError for anything malformed, given twice, or
 * Gauntlet's own to set.
 */
export function parseOptions(args: readonly string[]): ParsedOptions {
  const options: Record<string, string> = {}
  for (const arg of args) {
    const { name, value } = parseOption(arg)
    if (Object.hasOwn(options, name)) {
      throw new InputError(`Expected \`--flag ${name}\` once, got it twice`, { option: name })
    }
    options[name] = value
  }
  const { 'heartbeat-interval': heartbeat, 'election-timeout': election, ...rest } = options
  return {
    options: rest,
    ...(heartbeat !== undefined && {
      heartbeatIntervalMs: milliseconds('heartbeat-interval', heartbeat),
    }),
    ...(election !== undefined && {
      electionTimeoutMs: milliseconds('election-timeout', election),
    }),
  }
}

function parseOption(arg: string): { name: string; value: string } {
  const match = /^(?:--?)?([^=\s]+)=(.*)$/s.exec(arg)
  if (match === null) {
    throw new InputError(`Expected \`--flag\` to be name=value, got \`${arg}\``, { option: arg })
  }
  const [, name = '', value = ''] = match
  if (!looksLikeOption(name)) {
    throw new InputError(
      `Expected \`--flag\` to name an etcd flag such as quota-backend-bytes, got \`${name}\``,
      { option: name },
    )
  }
  const reason = ownedBecause(name)
  if (reason !== undefined) {
    throw new InputError(`Expected \`--flag\` to leave ${name} to Gauntlet: ${reason}`, {
      option: name,
    })
  }
  if (/[\n\r\0]/.test(value)) {
    throw new InputError(`Expected the value of \`--flag ${name}\` to be one line, got several`, {
      option: name,
    })
  }
  return { name, value }
}

/** Both are plain integers of milliseconds in etcd: `100`, never `100ms`. */
function milliseconds(option: string, value: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(value)) {
    throw new InputError(
      `Expected \`--flag ${option}\` to be a whole number of milliseconds, got \`${value}\``,
      { option },
    )
  }
  return Number(value)
}
