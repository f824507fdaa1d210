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
}

/** Undefined where one of the comma-separated parts is among the allowed ones. */
function oneOf(allowed: readonly string[], otherwise: string) {
  return (value: string) =>
    value.split(',').some((part) => allowed.includes(part.trim())) ? undefined : otherwise
}
