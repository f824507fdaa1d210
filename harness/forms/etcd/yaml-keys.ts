import { everyYamlKey } from '../../topology/options/options.ts'
import { typeOf } from './value-types.ts'

/** The flags of the two maps of certificates, by the key: `peer-` or nothing goes before each. */
const certificateKeys = [
  ...['cert-file', 'key-file', 'client-cert-file', 'client-key-file', 'client-cert-auth'],
  ...['trusted-ca-file', 'ca-file', 'auto-tls'],
] as const

/** The flag of each key that stands in a map of etcd's file, by its path. */
const inMaps: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    certificateKeys.flatMap((key) => [
      [`client-transport-security.${key}`, key],
      [`peer-transport-security.${key}`, `peer-${key}`],
    ]),
  ),
  'client-transport-security.allowed-hostname': 'client-cert-allowed-hostname',
  'peer-transport-security.allowed-cn': 'peer-cert-allowed-cn',
  'peer-transport-security.allowed-hostname': 'peer-cert-allowed-hostname',
  'peer-transport-security.skip-client-san-verification': 'peer-skip-client-san-verification',
  'socket-options.reuse-port': 'socket-reuse-port',
  'socket-options.reuse-address': 'socket-reuse-address',
  'discovery-config.token': 'discovery-token',
  'discovery-config.client.endpoints': 'discovery-endpoints',
  'discovery-config.client.dial-timeout': 'discovery-dial-timeout',
  'discovery-config.client.request-timeout': 'discovery-request-timeout',
  'discovery-config.client.keepalive-time': 'discovery-keepalive-time',
  'discovery-config.client.keepalive-timeout': 'discovery-keepalive-timeout',
  'discovery-config.client.secure.cert': 'discovery-cert',
  'discovery-config.client.secure.key': 'discovery-key',
  'discovery-config.client.secure.cacert': 'discovery-cacert',
  'discovery-config.client.secure.insecure-transport': 'discovery-insecure-transport',
  'discovery-config.client.secure.insecure-skip-tls-verify': 'discovery-insecure-skip-tls-verify',
  'discovery-config.client.auth.username': 'discovery-user',
  'discovery-config.client.auth.password': 'discovery-password',
}

/** Keys of the client's map for which etcd has no flag: it takes them all the same. */
const withoutFlag: ReadonlySet<string> = new Set([
  'client-transport-security.allowed-cn',
  'client-transport-security.skip-client-san-verification',
])

const paths = Object.keys(inMaps)

/** Known as keys of the maps alone: at the top of the file etcd ignores them. */
function isOnlyInMaps(key: string): boolean {
  return [...paths, ...withoutFlag].some((path) => path.split('.').includes(key))
}

/** The flag that a key sets, by its path from the top of the file: `socket-options.reuse-port`. */
const flags: ReadonlyMap<string, string> = new Map([
  ...everyYamlKey.filter((key) => !isOnlyInMaps(key)).map((key) => [key, key] as const),
  ['experimental-snapshot-catch-up-entries', 'experimental-snapshot-catchup-entries'],
  ...Object.entries(inMaps),
])

export const flagOfPath = (path: string): string | undefined => flags.get(path)
export const hasNoFlag = (path: string): boolean => withoutFlag.has(path)

/** Whether etcd has a map there, such as `discovery-config.client`. */
export const isMapPath = (path: string): boolean => paths.some((one) => one.startsWith(`${path}.`))

/** The keys that etcd knows in the map at that path; without one, at the top of the file. */
export function keysIn(path: string): string[] {
  if (path === '') return [...flags.keys()].filter((key) => !key.includes('.'))
  return paths
    .filter((one) => one.startsWith(`${path}.`))
    .map((one) => one.slice(path.length + 1).split('.')[0] ?? '')
}

/** The keys from the top of the file on at which etcd has what the flag sets. */
export function keysOfFlag(flag: string): readonly string[] {
  return ([...flags].find(([, each]) => each === flag)?.[0] ?? flag).split('.')
}

/** Where in a map the key, or the flag, of that name has its place. */
export function placeInMap(name: string): string | undefined {
  return paths.find((path) => inMaps[path] === name || path.split('.').at(-1) === name)
}

/** The Go type into which etcd reads what stands at that path. */
export function typeAtPath(path: string): string | undefined {
  if (!path.includes('.')) return typeOf(path)
  if (/-auth$|auto-tls$|\.reuse-|-verification$|\.insecure-/.test(path)) return 'bool'
  if (/-time(out)?$/.test(path)) return 'time.Duration'
  return /\.allowed-|\.endpoints$/.test(path) ? '[]string' : 'string'
}

/**
 * The name as etcd has it: Go's reader of JSON, through which the file goes, takes `Heartbeat-Interval`
 * for `heartbeat-interval` where there is no key of the very name.
 */
export function knownKey(key: string, prefix: string): string {
  const isKnown = (name: string) => flags.has(prefix + name) || isMapPath(prefix + name)
  const lower = key.toLowerCase().replaceAll('ſ', 's')
  return !isKnown(key) && isKnown(lower) ? lower : key
}
