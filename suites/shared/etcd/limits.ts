import {
  type ClusterSpec,
  type etcd,
  featuresOf,
  isOn,
  numberOf,
  withOptionsForVersion,
} from '../../../harness/index.ts'

export const mebibyte = 1024 * 1024

/** gRPC accepts so many more bytes than etcd, so that etcd itself rejects the request (config.go). */
export const grpcOverheadBytes = 512 * 1024

/** What a request has beside its value: its key and its framing. */
const framingBytes = 4_096

/** That number of bytes, or fewer where some member accepts no value as large. */
export function fittingBytes(spec: ClusterSpec, bytes: number): number {
  const limits = spec.members.map(({ name }) => numberOf(spec, 'max-request-bytes', name))
  return Math.max(1, Math.min(bytes, ...limits.map((limit) => limit - framingBytes)))
}

/** etcd's quota where the option is 0 (quota.go); a negative one is none. */
const defaultQuotaBytes = 2 * 1024 * mebibyte

/** The smallest quota that a member has, in bytes. */
export function smallestQuota(spec: ClusterSpec): number {
  const quotas = spec.members.map(({ name }) => quotaOf(spec, name))
  return Math.min(...quotas.map((bytes) => (bytes < 0 ? Number.POSITIVE_INFINITY : bytes)))
}

/** The quota of a member in bytes; negative when it has none. */
function quotaOf(spec: ClusterSpec, member: string): number {
  return numberOf(spec, 'quota-backend-bytes', member) || defaultQuotaBytes
}

/** The quota that the status of a member has from 3.6 on. */
export function quotaInStatus(spec: ClusterSpec, member: string): number {
  if (featuresOf(spec.version).has('status-quota-in-force')) return quotaOf(spec, member)
  return numberOf(spec, 'quota-backend-bytes', member)
}

/** The steps of a transaction that puts that number of new keys. */
export function putsOf(prefix: string, count: number): etcd.Step[] {
  return Array.from({ length: count }, (_, index) => ({
    put: { key: `${prefix}${index}`, value: 'v' },
  }))
}

const longestRequestBytes = 32 * mebibyte
/** More than a put of a short key takes in a request. */
export const stepBytes = 128

/** Why the request limits of this cluster cannot be reached, if so. */
export function limitsOutOfReach(spec: ClusterSpec): string | undefined {
  for (const { name } of spec.members) {
    const bytes = numberOf(spec, 'max-request-bytes', name)
    if (bytes > longestRequestBytes) {
      return `requests above the user’s max-request-bytes of ${bytes} are larger than the ${longestRequestBytes} bytes that Gauntlet sends`
    }
  }
  return undefined
}

/** Why no transaction can have one operation too many, if so. */
export function operationsOutOfReach(spec: ClusterSpec): string | undefined {
  for (const { name } of spec.members) {
    const most = numberOf(spec, 'max-txn-ops', name)
    const bytes = numberOf(spec, 'max-request-bytes', name)
    if ((most + 1) * stepBytes > Math.min(bytes, longestRequestBytes)) {
      return `a transaction of more operations than the user’s max-txn-ops of ${most} may be too large a request`
    }
  }
  return undefined
}

/** Auto-compaction off, for scenarios that fill the space or read what it would remove. */
export function withoutAutoCompaction(spec: ClusterSpec): ClusterSpec {
  const option = 'auto-compaction-retention'
  return isOn(spec, option) ? withOptionsForVersion(spec, { [option]: '0' }) : spec
}
