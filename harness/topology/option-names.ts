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
 * The spec with more options, written as 3.6 names them. They replace the spec's own of the same
 * name; its other feature gates stay.
 */
export function withOptionsForVersion(
  spec: ClusterSpec,
  options: Readonly<Record<string, string>>,
): ClusterSpec {
  const more = optionsForVersion(spec.version, options)
  const gatesOf = (text = '') => new Map(text.split(',').filter(Boolean).map(splitGate))
  const open = new Map([...gatesOf(spec.options[gatesFlag]), ...gatesOf(more[gatesFlag])])
  const merged = [...open].map(([name, value]) => `${name}=${value}`).join(',')
  return {
    ...spec,
    options: { ...spec.options, ...more, ...(open.size > 0 && { [gatesFlag]: merged }) },
  }
}

const gatesFlag = 'feature-gates'

function splitGate(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.trim().split('=')
  return [name, value]
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
    const isGate = Object.hasOwn(gates, name)
    if (isGate && hasGates) gated.push(`${name}=${value}`)
    else named[isGate ? (gates[name] ?? name) : flagForVersion(version, name)] = value
  }
  if (gated.length > 0) named[gatesFlag] = gated.join(',')
  return named
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
