import { type ClusterSpec, featuresOf, isOn, withOptionsForVersion } from '../../harness/index.ts'

/** Options by their names in 3.6, translated for the version. */
export function adjustOptions(options: Readonly<Record<string, string>>) {
  return (spec: ClusterSpec) => withOptionsForVersion(spec, options)
}

/** A member whose data is altered must start, and a running one must compare its data. */
export function needsRunningCheck(spec: ClusterSpec): string | undefined {
  return checkOfTheUsers(spec, ['InitialCorruptCheck']) ?? needsPeerCertificates(spec)
}

/** Without certificates etcd compares nothing and only logs `hash-kv error`. */
export function needsPeerCertificates({ version, tls }: ClusterSpec): string | undefined {
  if (tls.peer === 'none' || featuresOf(version).has('corrupt-check-over-tls')) return undefined
  return `etcd ${version} requests its peers’ hashes without a certificate; 3.4.4 and later have one, and without TLS none is needed`
}

export const runningChecks = ['corrupt-check-time', 'CompactHashCheck']

/** A check that the user has on finds what the scenario expects to stay unnoticed. */
export function checkOfTheUsers(spec: ClusterSpec, checks: readonly string[]): string | undefined {
  const found = checks.find((check) => isOn(spec, check))
  return found && `the user’s ${found} finds altered data first`
}
