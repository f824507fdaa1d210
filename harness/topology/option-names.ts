import { hasFeature } from './etcd-features.ts'
import type { ClusterSpec } from './spec.ts'

/** Feature gates of 3.6, and the flag that each was before. From etcd's server/features. */
const gates: Readonly<Record<string, string>> = {
  CompactHashCheck: 'experimental-compact-hash-check-enabled',
  InitialCorruptCheck: 'experimental-initial-corrupt-check',
  LeaseCheckpoint: 'experimental-enable-lease-checkpoint',
  LeaseCheckpointPersist: 'experimental-enable-lease-checkpoint-persist',
  StopGRPCServiceOnDefrag: 'experimental-stop-grpc-service-on-defrag',
  TxnModeWriteWithSharedBuffer: 'experimental-txn-mode-write-with-shared-buffer',
}

/** Flags that 3.6 has without their `experimental-` of before. From its deprecation messages. */
const renamed = new Set([
  'bootstrap-defrag-threshold-megabytes',
  'compact-hash-check-time',
  'compaction-batch-limit',
  'compaction-sleep-interval',
  'corrupt-check-time',
  'distributed-tracing-address',
  'distributed-tracing-instance-id',
  'distributed-tracing-sampling-rate',
  'distributed-tracing-service-name',
  'downgrade-check-time',
  'enable-distributed-tracing',
  'max-learners',
  'memory-mlock',
  'peer-skip-client-san-verification',
  'snapshot-catchup-entries',
  'warning-apply-duration',
  'warning-unary-request-duration',
  'watch-progress-notify-interval',
])

/**
 * The spec with more options, written as 3.6 names them; they go over what the spec says, but its
 * other feature gates stay as they are.
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
 * `experimental-`), as that version of etcd wants them. What has one name in all versions stays as
 * it is. Whether the version has the thing at all is not decided here: etcd refuses what it does
 * not know.
 */
export function optionsForVersion(
  version: string,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const isNew = hasFeature(version, 'feature-gates')
  const spelled: Record<string, string> = {}
  const open: string[] = []
  for (const [name, value] of Object.entries(options)) {
    const before = gates[name]
    if (before === undefined)
      spelled[renamed.has(name) && !isNew ? `experimental-${name}` : name] = value
    else if (isNew) open.push(`${name}=${value}`)
    else spelled[before] = value
  }
  if (open.length > 0) spelled[gatesFlag] = open.join(',')
  return spelled
}
