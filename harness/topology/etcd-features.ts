import type { Architecture } from './spec.ts'
import { hasReached, isSince, seriesOf } from './version.ts'

/**
 * What differs by version of etcd, defaults included: the first version of each series that has it
 * (a backport gives several), and the first version without it. The names of options are in
 * option-names.ts; no other folder compares versions. From etcd's changelogs.
 */
const features = {
  /** The JSON gateway is under `/v3`; 3.3 has `/v3beta`. */
  'gateway-v3': { since: ['3.4.0'] },
  'livez-readyz': { since: ['3.4.29', '3.5.11'] },
  'health-exclude': { since: ['3.4.16', '3.5.0'] },
  'health-serializable': { since: ['3.4.29', '3.5.3'] },
  'api-v2': { since: ['2.0.0'], until: '3.6.0' },
  /** etcdctl reads ETCDCTL_API. */
  'etcdctl-api-variable': { since: ['2.3.0'], until: '3.6.0' },
  /** etcdctl speaks API 3 without ETCDCTL_API. */
  'etcdctl-api-3-default': { since: ['3.4.0'] },
  'etcdctl-snapshot-restore': { since: ['3.0.0'], until: '3.6.0' },
  etcdutl: { since: ['3.5.0'] },
  'snapshot-bump-revision': { since: ['3.4.27', '3.5.10'] },
  learners: { since: ['3.4.0'] },
  /** `member add` with one voter down, where the larger cluster has a quorum: issue 21640. */
  'add-while-one-down': { since: ['3.5.30', '3.6.11'] },
  'max-learners-flag': { since: ['3.6.0'] },
  'logger-flag': { since: ['3.4.0'] },
  /** Exits where a flag and its variable are both set; before, the flag wins. */
  'flag-and-variable-refused': { since: ['3.4.0'] },
  /** Exits for a file with the key `peer-transport-security` and no value. */
  'empty-peer-tls-refused': { since: ['3.6.0'] },
  /** Panics for a file with an experimental key that became a gate, or that of catch-up, and no value. */
  'empty-gate-panics': { since: ['3.6.0'], until: '3.7.0' },
  /** etcd logs JSON lines by default. */
  'zap-default': { since: ['3.5.0'] },
  /** `--debug`; `--log-level=debug` is its successor. */
  'debug-flag': { since: ['2.0.0'], until: '3.5.0' },
  /** A snapshot each 10,000 entries by default, not each 100,000. */
  'snapshot-each-10000': { since: ['3.6.0'] },
  /** Starts on arm64 without ETCD_UNSUPPORTED_ARCH. */
  'arm64-supported': { since: ['3.5.0'] },
  'pre-vote-flag': { since: ['3.4.0'] },
  'pre-vote-default': { since: ['3.5.0'] },
  'unsafe-no-fsync-flag': { since: ['3.4.10', '3.5.0'] },
  'tls-min-version-flag': { since: ['3.4.25', '3.5.8'] },
  /** The client certificate with which the JSON gateway connects to its own server. */
  'client-cert-file-flag': { since: ['3.5.0'] },
  'client-http-urls-flag': { since: ['3.4.25', '3.5.8'] },
  'feature-gates': { since: ['3.6.0'] },
  'experimental-flags': { since: ['3.2.0'], until: '3.7.0' },
  'discovery-v2': { since: ['2.0.0'], until: '3.7.0' },
  'discovery-v3': { since: ['3.6.0'] },
  'linearizable-member-list': { since: ['3.5.0'] },
  downgrade: { since: ['3.6.0'] },
  /** The data has the version of its form, and a member exits on data of a newer one. */
  'storage-version': { since: ['3.6.0'] },
  /** A transaction without a put passes during NOSPACE. */
  'nospace-passes-reading-txn': { since: ['3.4.20', '3.5.7'] },
  /** The CORRUPT alarm names member 0; older and newer versions name the corrupt member. */
  'corrupt-names-nobody': { since: ['3.4.23', '3.5.7'], until: '3.6.0' },
  /** The corruption checks reach peers that require a certificate: pull request 11621. */
  'corrupt-check-over-tls': { since: ['3.4.4', '3.5.0'] },
  /** A read index that was lost is asked for again after 500 ms: pull request 12780. */
  'read-index-retry': { since: ['3.4.20', '3.5.0'] },
  /** A client may ask a watch for its progress. */
  'watch-progress-requests': { since: ['3.4.0'] },
  /** A progress notification on request does not overtake events: issue 15220. */
  'ordered-watch-progress': { since: ['3.4.25', '3.5.8'] },
  /** Applying a snapshot keeps the start of a watch from a future revision: issue 20221. */
  'future-watch-kept': { since: ['3.4.38', '3.5.22', '3.6.2'] },
  'snapshot-catchup-flag': { since: ['3.5.14'] },
  'compact-hash-check': { since: ['3.5.5'] },
  'range-stream': { since: ['3.7.0'] },
  /** Clients choose a watch's id; older versions ignore it. */
  'watch-ids': { since: ['3.4.0'] },
  'watch-progress-interval-flag': { since: ['3.4.11', '3.5.0'] },
  'lease-checkpoint-flag': { since: ['3.4.0'] },
  /** etcd rejects a move of leadership to a non-member; 3.3 waits until its deadline. */
  'transferee-checked': { since: ['3.4.0'] },
  /** `etcd gateway start`, and `etcd grpc-proxy start`. */
  'gateway-door': { since: ['3.0.0'] },
  'grpc-proxy-door': { since: ['3.1.0'] },
  /** Its client sends each request to the next member that is connected; before, to one until that fails. */
  'proxy-balances-requests': { since: ['3.3.14', '3.4.0'] },
  'auth-status': { since: ['3.5.0'] },
  /** Only root compacts, raises alarms and asks for hashes while authentication is on. */
  'maintenance-needs-root': { since: ['3.4.42', '3.5.28', '3.6.9'] },
  /** `dbSizeInUse`, `raftAppliedIndex` and `errors` of a status. */
  'status-details': { since: ['3.4.0'] },
  /** `storageVersion`, `dbSizeQuota` and `downgradeInfo` of a status, `hash_revision` of a hash. */
  'status-quota': { since: ['3.6.0'] },
  /** A status has the quota in force; before, that of the flag, 0 for the default: issue 20790. */
  'status-quota-in-force': { since: ['3.6.6'] },
} as const satisfies Record<string, Feature>

interface Feature {
  readonly since: readonly string[]
  readonly until?: string
}

export type FeatureName = keyof typeof features

/** Whether that version of etcd has it. An unknown newer version counts as the newest known one. */
export function hasFeature(version: string, name: FeatureName): boolean {
  const { since, until }: Feature = features[name]
  if (until !== undefined && hasReached(version, until)) return false
  return isSince(version, since)
}

/** The first version of each series that has it; where it mends a bug, those without the bug. */
export const versionsSince = (name: FeatureName): readonly string[] => features[name].since

/** What more than one part needs to know of a version. */
export interface EtcdFeatures {
  readonly series: string
  /** Path of the JSON gateway, such as `/v3`. */
  readonly gatewayPrefix: '/v3' | '/v3beta'
  /** Paths of the HTTP probes: the most exact ones that the version has. */
  readonly health: {
    readonly any: '/health'
    readonly readiness: string
    readonly liveness: string
  }
  /** With which etcdctl speaks API 3; empty when it always does. */
  readonly etcdctlEnvironment: Readonly<Record<string, string>>
  readonly defaultApi: 2 | 3
  /** The program that restores snapshots and works on data directories. */
  readonly offlineTool: 'etcdctl' | 'etcdutl'
  readonly defaultSnapshotCount: number
  /** Make etcd log JSON to standard error; empty when that is its default. */
  readonly jsonLogOptions: Readonly<Record<string, string>>
  has(feature: FeatureName): boolean
}

/** Throws an InputError for what is not a version. */
export function featuresOf(version: string): EtcdFeatures {
  const has = (feature: FeatureName) => hasFeature(version, feature)
  return {
    series: seriesOf(version),
    gatewayPrefix: has('gateway-v3') ? '/v3' : '/v3beta',
    health: {
      any: '/health',
      readiness: has('livez-readyz') ? '/readyz' : '/health',
      liveness: has('livez-readyz') ? '/livez' : '/health',
    },
    etcdctlEnvironment: has('etcdctl-api-variable') ? { ETCDCTL_API: '3' } : {},
    defaultApi: has('etcdctl-api-3-default') ? 3 : 2,
    offlineTool: has('etcdutl') ? 'etcdutl' : 'etcdctl',
    defaultSnapshotCount: has('snapshot-each-10000') ? 10_000 : 100_000,
    jsonLogOptions:
      has('logger-flag') && !has('zap-default') ? { logger: 'zap', 'log-outputs': 'stderr' } : {},
    has,
  }
}

/**
 * The environment that this version needs to start on the architecture: 3.4 and older exit on arm64
 * without it. Empty when it needs none.
 */
export function architectureEnvironment(
  version: string,
  architecture: Architecture,
): Readonly<Record<string, string>> {
  if (architecture === 'amd64' || hasFeature(version, 'arm64-supported')) return {}
  return { ETCD_UNSUPPORTED_ARCH: architecture }
}
