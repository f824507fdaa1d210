import { knownVersions } from '../options/flag-table.ts'
import { everyFlag, flagAt, yamlTypeAt } from '../options/options.ts'
import { reservedBecause } from '../reserved-options.ts'

/** Where a value follows from no type, or where not every value leaves Gauntlet a way to the members. */
const particular: Readonly<Record<string, string>> = {
  'election-timeout': '5005',
  'experimental-snapshot-catchup-entries': '4321',
  'feature-gates': 'InitialCorruptCheck=true',
  'grpc-keepalive-min-time': '4321ms',
  'heartbeat-interval': '505',
  'host-whitelist': '127.0.0.1,odd.example',
  'log-format': 'json',
  'log-level': 'debug',
  'log-output': 'stderr',
  'log-outputs': 'stderr,/tmp/odd.log',
  logger: 'zap',
}

/**
 * Every option of that version that is the user's to choose, each with a value that nobody has by
 * default.
 */
export function oddOptions(version: string): Readonly<Record<string, string>> {
  const known = everyFlag.filter(
    (flag) => flagAt(version, flag) !== undefined && reservedBecause(flag) === undefined,
  )
  return Object.fromEntries(
    known.map((flag) => [flag, particular[flag] ?? oddValue(flag, version)]),
  )
}

function oddValue(flag: string, version: string): string {
  const given = knownVersions.map((each) => flagAt(each, flag)?.default).findLast(Boolean) ?? ''
  const types = [version, ...knownVersions].map((each) => yamlTypeAt(each, flag))
  const type = types.find((each) => each !== undefined) ?? ''
  if (given === 'true') return 'false'
  if (given === 'false' || type === 'bool') return 'true'
  if (type === 'time.Duration' || /^\d+(ms|s|m|h)$/.test(given)) return '4321ms'
  if (/^u?int/.test(type) || /^\d+$/.test(given)) return '4321'
  return 'odd'
}
