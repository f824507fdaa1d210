/**
 * Flags that etcd accepts without a value, of any version. What follows such a flag is never its
 * value: with `--pre-vote false` etcd exits with "'false' is not a valid flag". Tried on the binaries of
 * 3.3.25, 3.4.23 and 3.5.30; those of 3.6 and 3.7 from the defaults that their `--help` prints.
 */
const booleanFlags: ReadonlySet<string> = new Set([
  'auto-tls',
  'client-cert-auth',
  'debug',
  'discovery-insecure-skip-tls-verify',
  'discovery-insecure-transport',
  'enable-distributed-tracing',
  'enable-grpc-gateway',
  'enable-log-rotation',
  'enable-pprof',
  'enable-v2',
  'experimental-compact-hash-check-enabled',
  'experimental-enable-distributed-tracing',
  'experimental-enable-lease-checkpoint',
  'experimental-enable-lease-checkpoint-persist',
  'experimental-initial-corrupt-check',
  'experimental-memory-mlock',
  'experimental-peer-skip-client-san-verification',
  'experimental-stop-grpc-service-on-defrag',
  'experimental-txn-mode-write-with-shared-buffer',
  'force-new-cluster',
  'h',
  'help',
  'initial-election-tick-advance',
  'memory-mlock',
  'peer-auto-tls',
  'peer-client-cert-auth',
  'peer-skip-client-san-verification',
  'pre-vote',
  'socket-reuse-address',
  'socket-reuse-port',
  'strict-reconfig-check',
  'unsafe-no-fsync',
  'version',
])

/** Names of etcd 0.4 that every version accepts and ignores; they take no value either. */
const ignoredFlags: ReadonlySet<string> = new Set([
  'cluster-active-size',
  'cluster-remove-delay',
  'cluster-sync-interval',
  'config',
  'force',
  'max-result-buffer',
  'max-retry-attempts',
  'peer-election-timeout',
  'peer-heartbeat-interval',
  'retry-interval',
  'snapshot',
  'v',
  'vv',
])

/** Whether every version accepts that flag and does nothing. */
export function isIgnoredFlag(flag: string): boolean {
  return ignoredFlags.has(flag)
}

/** Whether etcd takes that flag without a value. */
export function takesNoValue(flag: string): boolean {
  return booleanFlags.has(flag) || ignoredFlags.has(flag)
}

/** Whether the value is one that Go reads as a boolean, where the flag has to be one. */
export function isValidValue(flag: string, value: string): boolean {
  return !booleanFlags.has(flag) || goBooleans.has(value)
}

/** What Go's strconv.ParseBool accepts. */
const goBooleans: ReadonlySet<string> = new Set([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'],
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'],
])
