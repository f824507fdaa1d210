import { type ClusterSpec, keyTypeOf } from './spec.ts'

/**
 * How an option would have to be for Gauntlet to reach the members and to read their logs, if it is
 * not.
 */
export function lockedOutBy(name: string, value: string): string | undefined {
  return Object.hasOwn(doors, name) ? doors[name]?.(value) : undefined
}

const doors: Readonly<Record<string, (value: string) => string | undefined>> = {
  'host-whitelist': oneOf(
    ['', '*', '127.0.0.1'],
    'to allow 127.0.0.1, where Gauntlet reaches every member',
  ),
  'log-outputs': oneOf(
    ['default', 'stderr', 'stdout', '/dev/stderr', '/dev/stdout'],
    'to have stderr, where Gauntlet reads the logs',
  ),
  'log-level': oneOf(['debug', 'info'], 'to be info or debug, so that members log what they do'),
  'log-format': oneOf(['json'], 'to be json, in which Gauntlet reads the logs'),
  logger: oneOf(['zap'], 'to be zap, in which Gauntlet reads the logs'),
  'grpc-keepalive-min-time': (value) =>
    isLongerThan(value, pingEveryS)
      ? `to be ${pingEveryS}s or less, because clients of Gauntlet ping every ${pingEveryS} seconds`
      : undefined,
  'max-concurrent-streams': (value) =>
    /^\d+$/.test(value) && Number(value) < leastStreams
      ? `to be ${leastStreams} or more, because watches and requests of a client share a connection`
      : undefined,
}

/** Completes "Expected `field` …". */
interface Problem {
  readonly field: string
  readonly text: string
}

/**
 * Of members with which no client and no member shakes hands, for want of a suite for the cluster's
 * keys. It matters up to TLS 1.2 alone: TLS 1.3 has suites of its own, for every key.
 */
export function cipherProblems({ tls, options, members }: ClusterSpec): Problem[] {
  if (tls.client === 'none' && tls.peer === 'none') return []
  const key = keyTypeOf(tls, 'server')
  const kind = key.startsWith('rsa') ? 'RSA' : 'ECDSA'
  return members.flatMap(({ options: own = {} }, index) => {
    const { 'cipher-suites': suites = '', 'tls-max-version': most } = { ...options, ...own }
    const hasSuite = suites === '' || suites.includes(`_${kind}_WITH_`)
    if (hasSuite || most !== 'TLS1.2') return []
    const place = own['cipher-suites'] === undefined ? 'options' : `members[${index}].options`
    const wanted = `to have a suite of ${kind}, because the cluster's keys are ${key}`
    return [{ field: `${place}.cipher-suites`, text: `${wanted}, got ${JSON.stringify(suites)}` }]
  })
}

/** RFC 9113, 6.5.2, recommends no smaller limit. A watch keeps its stream open beside the requests. */
const leastStreams = 100

/** As harness/client/channel.ts has it; etcd closes the connection of a client that pings sooner. */
const pingEveryS = 6

/** Compares a Go duration; etcd itself refuses a text that is none. */
function isLongerThan(duration: string, seconds: number): boolean {
  const parts = [...duration.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)]
  const total = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (sizes[unit] ?? 0),
    0,
  )
  return total > seconds
}

const sizes: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3_600 }

/** Undefined where one of the comma-separated parts is among the allowed ones. */
function oneOf(allowed: readonly string[], otherwise: string) {
  return (value: string) =>
    value.split(',').some((part) => allowed.includes(part.trim())) ? undefined : otherwise
}
