import { InputError } from '../core/errors.ts'
import type { Architecture } from './spec.ts'

/**
 * `3.5.16`, perhaps with a pre-release such as `3.6.0-rc.1`, or with what a packager put behind it
 * (`3.5.30-k3s1`, `3.6.5+dfsg`). No leading v.
 */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+~-]+)?$/.test(text)
}

/**
 * Negative when `a` is older than `b`. An alpha, beta or rc is older than its release, as semver
 * orders them; any other suffix is a packager's, and the release itself. Throws an InputError for
 * what is not a version.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index]
    if (difference !== 0) return difference
  }
  return comparePreRelease(left.preRelease, right.preRelease)
}

/** `3.5` of `3.5.16`. */
export function seriesOf(version: string): string {
  const { numbers } = parse(version)
  return `${numbers[0]}.${numbers[1]}`
}

/**
 * When things came and went: the first version of each series that has it (a backport gives several),
 * and the first version without it. A series newer than all that are named has it; an older one does
 * not. From etcd's changelogs.
 */
const features = {
  /** The JSON gateway under `/v3`; 3.3 has `/v3beta`. */
  'gateway-v3': { since: ['3.4.0'] },
  'livez-readyz': { since: ['3.4.29', '3.5.11'] },
  'health-exclude': { since: ['3.4.16', '3.5.0'] },
  'health-serializable': { since: ['3.4.29', '3.5.3'] },
  'api-v2': { since: ['2.0.0'], until: '3.6.0' },
  /** ETCDCTL_API is read at all. */
  'etcdctl-api-variable': { since: ['2.3.0'], until: '3.6.0' },
  'etcdctl-snapshot-restore': { since: ['3.0.0'], until: '3.6.0' },
  etcdutl: { since: ['3.5.0'] },
  'snapshot-bump-revision': { since: ['3.4.27', '3.5.10'] },
  learners: { since: ['3.4.0'] },
  /** `force-new-cluster` also leaves out learners of a snapshot: issue 20893. */
  'forced-without-learners': { since: ['3.5.25', '3.6.6'] },
  /** `member add` with one voter down, where the larger cluster has a quorum: issue 21640. */
  'add-while-one-down': { since: ['3.5.30', '3.6.11'] },
  'max-learners-flag': { since: ['3.6.0'] },
  'logger-flag': { since: ['3.4.0'] },
  /** JSON log lines without being asked. */
  'zap-default': { since: ['3.5.0'] },
  'pre-vote-flag': { since: ['3.4.0'] },
  'pre-vote-default': { since: ['3.5.0'] },
  'unsafe-no-fsync-flag': { since: ['3.4.10', '3.5.0'] },
  'tls-min-version-flag': { since: ['3.4.25', '3.5.8'] },
  /** The certificate that the JSON gateway shows to its own server. */
  'client-cert-file-flag': { since: ['3.5.0'] },
  'client-http-urls-flag': { since: ['3.4.25', '3.5.8'] },
  'feature-gates': { since: ['3.6.0'] },
  'experimental-flags': { since: ['3.2.0'], until: '3.7.0' },
  'discovery-v2': { since: ['2.0.0'], until: '3.7.0' },
  'discovery-v3': { since: ['3.6.0'] },
  'linearizable-member-list': { since: ['3.5.0'] },
  downgrade: { since: ['3.6.0'] },
  /** A transaction without a put passes while NOSPACE is on. */
  'nospace-passes-reading-txn': { since: ['3.4.20', '3.5.7'] },
  /** The CORRUPT alarm names no member (0): before and after, the one that differs. */
  'corrupt-names-nobody': { since: ['3.4.23', '3.5.7'], until: '3.6.0' },
  /** The checks for corruption reach peers that want a certificate: pull request 11621. */
  'corrupt-check-over-tls': { since: ['3.4.4', '3.5.0'] },
  /** A bookmark that was asked for does not overtake events: issue 15220. */
  'ordered-watch-progress': { since: ['3.4.25', '3.5.8'] },
  /** A watch from a future revision on stays so when a snapshot is applied: issue 20221. */
  'future-watch-kept': { since: ['3.4.38', '3.5.22', '3.6.2'] },
  'snapshot-catchup-flag': { since: ['3.5.14'] },
  'compact-hash-check': { since: ['3.5.5'] },
  'range-stream': { since: ['3.7.0'] },
  /** Ids that clients choose: ignored before. */
  'watch-ids': { since: ['3.4.0'] },
  'watch-progress-interval-flag': { since: ['3.4.11', '3.5.0'] },
  'lease-checkpoint-flag': { since: ['3.4.0'] },
  /** Every member checks the revision of a range in a transaction: issue 18667. */
  'txn-ranges-checked-everywhere': { since: ['3.7.0'] },
  /** Leadership is not offered to who is no member; 3.3 waits until nobody took it. */
  'transferee-checked': { since: ['3.4.0'] },
  'auth-status': { since: ['3.5.0'] },
  /** `dbSizeInUse`, `raftAppliedIndex` and `errors` of a status. */
  'status-details': { since: ['3.4.0'] },
} as const satisfies Record<string, Feature>

interface Feature {
  readonly since: readonly string[]
  readonly until?: string
}

export type FeatureName = keyof typeof features

/** Whether that version of etcd has it. An unknown newer version is as the newest known one. */
export function hasFeature(version: string, name: FeatureName): boolean {
  const { since, until }: Feature = features[name]
  if (until !== undefined && hasReached(version, until)) return false
  return isSince(version, since)
}

/** Of the first version of each series that has it: series older than all named do not. */
export function isSince(version: string, since: readonly string[]): boolean {
  const series = seriesOf(version)
  const sameSeries = since.find((first) => seriesOf(first) === series)
  if (sameSeries !== undefined) return hasReached(version, sameSeries)
  return since.every((first) => compareVersions(version, first) > 0)
}

/** What a series begins with is in its pre-releases too. */
function hasReached(version: string, first: string): boolean {
  if (compareVersions(version, first) >= 0) return true
  return first.endsWith('.0') && seriesOf(version) === seriesOf(first)
}

/** What differs by version and matters to more than one part. */
export interface EtcdFeatures {
  readonly series: string
  /** Path of the JSON gateway, such as `/v3`. */
  readonly gatewayPrefix: '/v3' | '/v3beta'
  /** Paths over HTTP that a probe may ask; `readiness` is the best there is. */
  readonly health: {
    readonly any: '/health'
    readonly readiness: string
    readonly liveness: string
  }
  /** What ETCDCTL_API has to be set to for the v3 commands; undefined when it needs no setting. */
  readonly etcdctlEnvironment: Readonly<Record<string, string>>
  readonly defaultApi: 2 | 3
  /** The program that restores a snapshot and works on data directories. */
  readonly offlineTool: 'etcdctl' | 'etcdutl'
  readonly defaultSnapshotCount: number
  /** Options that make it log as JSON to standard error, where it would not anyway. */
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
    defaultApi: isSince(version, ['3.4.0']) ? 3 : 2,
    offlineTool: has('etcdutl') ? 'etcdutl' : 'etcdctl',
    defaultSnapshotCount: isSince(version, ['3.6.0']) ? 10_000 : 100_000,
    jsonLogOptions:
      has('logger-flag') && !has('zap-default') ? { logger: 'zap', 'log-outputs': 'stderr' } : {},
    has,
  }
}

/**
 * Environment without which that version refuses to start on the architecture: 3.4 and older know
 * only amd64 (and ppc64le). Empty when it starts by itself.
 */
export function architectureEnvironment(
  version: string,
  architecture: Architecture,
): Readonly<Record<string, string>> {
  if (architecture === 'amd64' || isSince(version, ['3.5.0'])) return {}
  return { ETCD_UNSUPPORTED_ARCH: architecture }
}

interface ParsedVersion {
  readonly numbers: readonly [number, number, number]
  readonly preRelease: readonly string[]
}

function parse(version: string): ParsedVersion {
  if (!isVersion(version)) {
    throw new InputError(
      `Expected the version to be such as 3.5.16, without a leading v, got \`${version}\``,
      { version },
    )
  }
  const [release = '', suffix = ''] = version.split(/[-+](.*)/)
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number)
  const isPreRelease = /^(alpha|beta|rc)\b/.test(suffix)
  return { numbers: [major, minor, patch], preRelease: isPreRelease ? suffix.split('.') : [] }
}

function comparePreRelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]]
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1
    if (left !== right) return compareIdentifier(left, right)
  }
  return 0
}

function compareIdentifier(a: string, b: string): number {
  const [aNumeric, bNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (aNumeric && bNumeric) return Number(a) - Number(b)
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1
  return a < b ? -1 : 1
}
