import { hasFeature } from './etcd-features.ts'
import type { ClusterSpec } from './spec.ts'
import { hasReached } from './version.ts'

/**
 * Feature gates, and the flag that each was before 3.6; null for those that never were a flag. From
 * etcd's server/features and the flags that its binaries accept.
 */
const gates: Readonly<Record<string, string | null>> = {
  CompactHashCheck: 'experimental-compact-hash-check-enabled',
  FastLeaseKeepAlive: null,
  InitialCorruptCheck: 'experimental-initial-corrupt-check',
  LeaseCheckpoint: 'experimental-enable-lease-checkpoint',
  LeaseCheckpointPersist: 'experimental-enable-lease-checkpoint-persist',
  PriorityRequest: null,
  SetMemberLocalAddr: null,
  StopGRPCServiceOnDefrag: 'experimental-stop-grpc-service-on-defrag',
  TxnModeWriteWithSharedBuffer: 'experimental-txn-mode-write-with-shared-buffer',
}

/** The version that dropped `experimental-` from a flag's name. From the binaries' flags. */
const prefixDroppedIn: Readonly<Record<string, string>> = {
  'backend-bbolt-freelist-type': '3.5.0',
  'bootstrap-defrag-threshold-megabytes': '3.6.0',
  'compact-hash-check-time': '3.6.0',
  'compaction-batch-limit': '3.6.0',
  'compaction-sleep-interval': '3.6.0',
  'corrupt-check-time': '3.6.0',
  'distributed-tracing-address': '3.6.0',
  'distributed-tracing-instance-id': '3.6.0',
  'distributed-tracing-sampling-rate': '3.6.0',
  'distributed-tracing-service-name': '3.6.0',
  'downgrade-check-time': '3.6.0',
  'enable-distributed-tracing': '3.6.0',
  'memory-mlock': '3.6.0',
  'peer-skip-client-san-verification': '3.6.0',
  'snapshot-catchup-entries': '3.6.0',
  'warning-apply-duration': '3.6.0',
  'watch-progress-notify-interval': '3.6.0',
}

/**
 * The spec with more options, written as 3.6 names them. They replace the spec's own and those of single
 * members, under whatever name the user gave them; its other feature gates stay.
 */
export function withOptionsForVersion(
  spec: ClusterSpec,
  options: Readonly<Record<string, string>>,
): ClusterSpec {
  const kept = withoutOptions(spec, Object.keys(options))
  const more = optionsForVersion(spec.version, options)
  const members = kept.members.map((member) => {
    const merged = mergedGates(member.options?.[gatesFlag], more[gatesFlag])
    return merged === undefined ? member : { ...member, options: { ...member.options, ...merged } }
  })
  const merged = mergedGates(kept.options[gatesFlag] ?? '', more[gatesFlag])
  return { ...kept, members, options: { ...kept.options, ...more, ...merged } }
}

/** The spec without these options, under all of their names, for the whole cluster and each member. */
export function withoutOptions(spec: ClusterSpec, names: readonly string[]): ClusterSpec {
  const omitted = new Set(names.map(withoutPrefix).flatMap(namesOf))
  const members = spec.members.map(({ options, ...member }) => {
    const own = omit(options ?? {}, omitted)
    return Object.keys(own).length === 0 ? member : { ...member, options: own }
  })
  return { ...spec, members, options: omit(spec.options, omitted) }
}

/** The spec with those of the options, as its version names them, that it leaves open to all members. */
export function withOpenOptions(
  spec: ClusterSpec,
  options: Readonly<Record<string, string>>,
): ClusterSpec {
  const all = [spec.options, ...spec.members.map((member) => member.options ?? {})]
  const given = new Set(all.flatMap(Object.keys).map(withoutPrefix))
  const open = Object.entries(options).filter(([name]) => !given.has(withoutPrefix(name)))
  return { ...spec, options: { ...Object.fromEntries(open), ...spec.options } }
}

const withoutPrefix = (name: string) => name.replace(/^experimental-/, '')

function omit(options: Readonly<Record<string, string>>, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name)))
}

/** The gates that were given with those that are added; undefined where one of the two is absent. */
function mergedGates(given: string | undefined, added: string | undefined) {
  if (given === undefined || added === undefined) return undefined
  const merged = new Map([...gatesIn(given), ...gatesIn(added)])
  return { [gatesFlag]: [...merged].map(([name, value]) => `${name}=${value}`).join(',') }
}

export const gatesFlag = 'feature-gates'

/** `A=true,B=false` → what each gate is set to. */
export function gatesIn(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(',').filter(Boolean).map(splitGate))
}

function splitGate(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.trim().split('=')
  return [name, value]
}

/** Whether it is a feature gate of any version. */
export const isGate = (name: string): boolean => Object.hasOwn(gates, name)

/** Every name that an option may have in some version, its name in 3.6 first. */
export function namesOf(name: string): readonly string[] {
  if (isGate(name)) return [name, ...(gates[name] == null ? [] : [gates[name]])]
  return [name, `experimental-${name}`]
}

/**
 * Options written as 3.6 names them (feature gates by their own name, flags without
 * `experimental-`), as that version of etcd names them. An option with one name in all versions
 * stays as it is. Whether the version has the option is not decided here: etcd rejects unknown
 * ones.
 */
export function optionsForVersion(
  version: string,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const hasGates = hasFeature(version, 'feature-gates')
  const named: Record<string, string> = {}
  const gated: string[] = []
  for (const [name, value] of Object.entries(options)) {
    if (isGate(name) && hasGates) gated.push(`${name}=${value}`)
    else named[isGate(name) ? (gates[name] ?? name) : flagForVersion(version, name)] = value
  }
  if (gated.length > 0) named[gatesFlag] = gated.join(',')
  return named
}

/**
 * The cluster with its options named as another version names them, for a member that runs that one.
 * An option that keeps its name, and one that no table knows, stays as it is.
 */
export function specForVersion(spec: ClusterSpec, version: string): ClusterSpec {
  if (version === spec.version) return spec
  const translate = (options: Readonly<Record<string, string>>) =>
    optionsForVersion(version, presentNames(options))
  return {
    ...spec,
    version,
    options: translate(spec.options),
    members: spec.members.map((member) =>
      member.options === undefined ? member : { ...member, options: translate(member.options) },
    ),
  }
}

/** Options as 3.6 names them. */
function presentNames(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      if (name === gatesFlag) return value.split(',').filter(Boolean).map(splitGate)
      const plain = name.replace(/^experimental-/, '')
      const isPrefixed = plain !== name && Object.hasOwn(prefixDroppedIn, plain)
      return [[gateOfFlag(name) ?? (isPrefixed ? plain : name), value]]
    }),
  )
}

/** Gates that are newer than the others. From the binaries. */
const gatesOf37 = ['FastLeaseKeepAlive', 'PriorityRequest']

/** The feature gates that the version knows; it exits for another. */
export function gatesAt(version: string): readonly string[] {
  if (!hasFeature(version, 'feature-gates')) return []
  const isKnown = (gate: string) => hasReached(version, '3.7.0') || !gatesOf37.includes(gate)
  return Object.keys(gates).filter(isKnown)
}

/** The feature gate that a flag became in 3.6; undefined for any other flag. */
export function gateOfFlag(flag: string): string | undefined {
  return Object.entries(gates).find(([, former]) => former === flag)?.[0]
}

/** The flag that took the place of an older one; undefined where none did. */
export function successorOf(flag: string): string | undefined {
  const name = flag.replace(/^experimental-/, '')
  if (name !== flag && Object.hasOwn(prefixDroppedIn, name)) return name
  return Object.hasOwn(successors, flag) ? successors[flag] : undefined
}

/** From etcd's changelogs. */
const successors: Readonly<Record<string, string>> = {
  'ca-file': 'trusted-ca-file',
  'peer-ca-file': 'peer-trusted-ca-file',
  debug: 'log-level',
  'log-output': 'log-outputs',
  'experimental-warning-unary-request-duration': 'warning-unary-request-duration',
}

function flagForVersion(version: string, name: string): string {
  const since = prefixDroppedIn[name]
  return since === undefined || hasReached(version, since) ? name : `experimental-${name}`
}
