import { InputError } from '../../core/errors.ts'
import { goInteger } from '../../topology/go-integer.ts'
import { flagAt } from '../../topology/options/options.ts'
import type { SpecOverrides } from '../../topology/presets.ts'
import { reservedBecause } from '../../topology/reserved-options.ts'
import type { Architecture, ClusterSpec } from '../../topology/spec.ts'
import { isVersion, seriesOf } from '../../topology/version.ts'
import { versionOfRelease } from '../text/release-archives.ts'
import type { DeployedMember, Deployment } from './deployment.ts'
import { isRead } from './upgrade.ts'

/**
 * The parts of a ClusterSpec that a deployment decides; `members` is the user's own count, if any.
 * Throws an InputError for a count that is not that of the files.
 */
export function specOfDeployment(
  deployment: Deployment,
  {
    architecture,
    members: count,
    version,
  }: {
    architecture: Architecture
    members?: number | undefined
    /** Of etcd, where it is known: what it ignores in a file or an environment is left out. */
    version?: string
  },
): Omit<SpecOverrides, 'version'> {
  const [first] = deployment.members
  expectCount(deployment, count)
  const names = memberNames(deployment, count)
  const free = deployment.members.map((member) => freeOptions(member, version))
  const common = commonOptions(free)
  const members = names.map((name, index) => {
    const own = free.length === 1 ? {} : ownOptions(free[index] ?? {}, common)
    return { name, architecture, ...(Object.keys(own).length > 0 && { options: own }) }
  })
  const http = settingOf(first, 'listen-client-http-urls') ?? ''
  const socket = /\bunixs?(?=:\/\/)/.exec(settingOf(first, 'listen-client-urls') ?? '')?.[0]
  return {
    members,
    tls: tlsOf(first, version),
    ...(http !== '' && { ports: { clientHttp: clientHttpPort } }),
    ...(socket !== undefined && { clientSocket: socket as 'unix' | 'unixs' }),
    options: omitTimings(common),
    heartbeatIntervalMs: slowest(deployment, 'heartbeat-interval'),
    electionTimeoutMs: slowest(deployment, 'election-timeout'),
  }
}

/** The version of the first member's image, such as 3.5.16 of `etcd:3.5.16-0` and of `etcd:v3.5.16`. */
export function versionOfDeployment({ members: [first] }: Deployment): string | undefined {
  return versionOfImage(first.image?.reference ?? '')
}

/**
 * The version that runs for the deployment: its own where there is one here, else the default where
 * that is of the same series, else the newest of the series, else the default.
 */
export function runningVersion(
  deployment: Deployment | undefined,
  {
    versions,
    default: fallback,
  }: { readonly versions: readonly string[]; readonly default: string },
): string {
  const wanted = deployment && versionOfDeployment(deployment)
  if (wanted === undefined || versions.includes(wanted)) return wanted ?? fallback
  const ofSeries = versions.filter((version) => seriesOf(version) === seriesOf(wanted))
  return ofSeries.includes(fallback) ? fallback : (ofSeries.at(-1) ?? fallback)
}

/** The version that the tag of an image of etcd, or an archive of a release names, if it names one whole. */
export function versionOfImage(reference: string): string | undefined {
  const release = versionOfRelease(reference)
  return release !== undefined && isVersion(release) ? release : undefined
}

/** Of the clients' HTTP, where the files give it a port of its own: that of k3s and RKE2. */
const clientHttpPort = 2382

/** One file is a template of as many members as asked for; several are as many as they are. */
function expectCount({ members }: Deployment, count: number | undefined): void {
  if (count === undefined || members.length === 1 || members.length === count) return
  throw new InputError(
    `Expected \`--members\` to be ${members.length}, as many as the files configure, got ${count}`,
  )
}

/** Names that containers can have; otherwise m1, m2, …. */
function memberNames(deployment: Deployment, count: number | undefined): string[] {
  const { members } = deployment
  const [first] = members
  const listed =
    members.length > 1 ? members.map((member) => settingOf(member, 'name') ?? '') : namesIn(first)
  const wanted =
    count ?? (members.length > 1 ? members.length : Math.max(first.count ?? 0, listed.length, 1))
  const names = listed.length === wanted ? listed : []
  const areUsable =
    names.length > 0 && new Set(names).size === names.length && names.every(isDnsLabel)
  return areUsable ? names : Array.from({ length: wanted }, (_, index) => `m${index + 1}`)
}

/** Of all members that the member's own settings name. */
function namesIn(member: DeployedMember): string[] {
  const initial = settingOf(member, 'initial-cluster')
  if (initial === undefined) return [settingOf(member, 'name') ?? ''].filter(Boolean)
  // What a command prints may have any number of commas, and be any number of members.
  const parts = initial.replaceAll(/\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`/g, '?').split(',')
  const named = parts.filter((part) => part.includes('='))
  if (named.length > 0 && named.length < parts.length) return [settingOf(member, 'name') ?? '']
  const names = parts.map((part) => part.split('=')[0]?.trim() ?? '')
  return [...new Set(names.filter(Boolean))]
}

const isDnsLabel = (name: string) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)

/**
 * With a certificate towards clients: mutual when clients must show one as well, which etcd demands
 * with an authority to check it by, also without `client-cert-auth` (client/pkg/transport).
 */
function tlsOf(member: DeployedMember, version?: string): Partial<ClusterSpec['tls']> {
  if (member.hasTls) return { client: 'mutual', peer: 'mutual' }
  const has = (name: string) => (settingOf(member, name) ?? '') !== ''
  const is = (name: string) => /^(1|t(rue)?)$/i.test(settingOf(member, name) ?? '')
  const isServed = has('cert-file') || is('auto-tls')
  const isPeerServed = has('peer-cert-file') || is('peer-auto-tls')
  // Up to 3.3 it is `ca-file` that demands them, and `trusted-ca-file` only checks them.
  const isOld = version !== undefined && flagAt(version, 'ca-file') !== undefined
  const isChecked = is('client-cert-auth') || has(isOld ? 'ca-file' : 'trusted-ca-file')
  return {
    client: !isServed ? 'none' : isChecked ? 'mutual' : 'server',
    peer: isPeerServed ? 'mutual' : 'none',
  }
}

/** Fields of the spec, with etcd's defaults; where members differ, each has its own as options. */
const timings = { 'heartbeat-interval': '100', 'election-timeout': '1000' }

function omitTimings(options: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !Object.hasOwn(timings, name)),
  )
}

/** The cluster is as slow as its slowest member: deadlines follow from it. */
function slowest({ members }: Deployment, timing: keyof typeof timings): number {
  return Math.max(...members.map((member) => wholeNumber(freeOptions(member)[timing])))
}

const wholeNumber = (text = '') => Number(goInteger(text))

/** The settings that are the user's to choose, as options of the spec. */
function freeOptions({ settings }: DeployedMember, version?: string): Record<string, string> {
  // A flag that the version does not know ends etcd; in a file or an environment it has no effect.
  const free = settings
    .filter(({ name }) => reservedBecause(name) === undefined)
    .filter((one) => version === undefined || one.door === 'flag' || isRead(one, version))
  return { ...timings, ...Object.fromEntries(free.map(({ name, value }) => [name, value])) }
}

function commonOptions([first = {}, ...rest]: readonly Record<string, string>[]) {
  const isCommon = ([name, value]: [string, string]) => rest.every((one) => one[name] === value)
  return Object.fromEntries(Object.entries(first).filter(isCommon))
}

function ownOptions(free: Record<string, string>, common: Record<string, string>) {
  const own = Object.entries(free).filter(([name]) => !Object.hasOwn(common, name))
  return Object.fromEntries(own)
}

function settingOf({ settings }: DeployedMember, name: string): string | undefined {
  return settings.find((setting) => setting.name === name)?.value
}
