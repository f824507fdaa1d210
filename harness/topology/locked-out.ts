/** How an option would have to be for Gauntlet to reach the members and to read their logs, if it is not. */
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
}

/** As harness/client/channel.ts has it; etcd closes the connection of a client that pings sooner. */
const pingEveryS = 6

/** Of a Go duration; what is none, etcd refuses itself. */
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
