import { InputError } from '../core/errors.ts'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import type { SpecOverrides } from '../topology/presets.ts'
import { reservedBecause } from '../topology/reserved-options.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'
import { isVersion } from '../topology/version.ts'
import type { DeployedMember, Deployment, Placed } from './deployment.ts'

/** A setting of the user's that is another in the cluster that runs here, with the reason. */
export interface Change extends Placed {
  readonly setting: string
  readonly from: string
  /** Empty when it is not set at all. */
  readonly to: string
  readonly why: string
}

/**
 * The parts of a ClusterSpec that a deployment decides; `members` is the user's own count, if any.
 * Throws an InputError for a count that is not that of the files.
 */
export function specOfDeployment(
  deployment: Deployment,
  { architecture, members: count }: { architecture: Architecture; members?: number | undefined },
): Omit<SpecOverrides, 'version'> {
  const [first] = deployment.members
  expectCount(deployment, count)
  const names = memberNames(deployment, count)
  const common = commonOptions(deployment.members)
  const members = names.map((name, index) => {
    const own =
      deployment.members.length === 1 ? {} : ownOptions(deployment.members[index] ?? first, common)
    return { name, architecture, ...(Object.keys(own).length > 0 && { options: own }) }
  })
  const http = settingOf(first, 'listen-client-http-urls') ?? ''
  const socket = /\bunixs?(?=:\/\/)/.exec(settingOf(first, 'listen-client-urls') ?? '')?.[0]
  return {
    members,
    tls: tlsOf(first),
    ...(http !== '' && { ports: { clientHttp: clientHttpPort } }),
    ...(socket !== undefined && { clientSocket: socket as 'unix' | 'unixs' }),
    options: omitTimings(common),
    heartbeatIntervalMs: slowest(deployment, 'heartbeat-interval'),
    electionTimeoutMs: slowest(deployment, 'election-timeout'),
  }
}

/** The version of the first member's image, such as 3.5.16 of `etcd:3.5.16-0` and of `etcd:v3.5.16`. */
export function versionOfDeployment({ members: [first] }: Deployment): string | undefined {
  const tag = /:v?([^/:@]+)(@.*)?$/.exec(first.image?.reference ?? '')?.[1]
  if (tag === undefined) return undefined
  const [, release] = /^(\d+\.\d+\.\d+)/.exec(tag) ?? []
  return release !== undefined && isVersion(release) ? release : undefined
}

/**
 * What of the user's settings is another one in the cluster that runs, by member in the order of the
 * deployment: `running` is each one's whole configuration.
 */
export function changesOf(
  deployment: Deployment,
  running: readonly MemberConfiguration[],
): readonly Change[] {
  const changes = deployment.members.flatMap(({ settings }, index) => {
    const values = new Map(running[index]?.map(({ name, value }) => [name, value]))
    return settings.flatMap(({ name, value, file, line }) => {
      const to = values.get(name) ?? ''
      if (to === value) return []
      const why = reservedBecause(name) ?? 'Gauntlet sets it itself'
      return [{ setting: name, from: value, to, why, file, line }]
    })
  })
  return changes.filter(
    ({ setting, from, file, line }, index) =>
      changes.findIndex(
        (one) =>
          one.setting === setting && one.from === from && one.file === file && one.line === line,
      ) === index,
  )
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
  const names = initial.split(',').map((part) => part.split('=')[0]?.trim() ?? '')
  return [...new Set(names.filter(Boolean))]
}

const isDnsLabel = (name: string) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)

/** With a certificate towards clients: mutual when clients must show one as well. */
function tlsOf(member: DeployedMember): Partial<ClusterSpec['tls']> {
  if (member.hasTls) return { client: 'mutual', peer: 'mutual' }
  const has = (name: string) => (settingOf(member, name) ?? '') !== ''
  const is = (name: string) => settingOf(member, name) === 'true'
  const isServed = has('cert-file') || is('auto-tls')
  const isPeerServed = has('peer-cert-file') || is('peer-auto-tls')
  return {
    client: !isServed ? 'none' : is('client-cert-auth') || has('ca-file') ? 'mutual' : 'server',
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
  return Math.max(...members.map((member) => Number(freeOptions(member)[timing])))
}

/** The settings that are the user's to choose, as options of the spec. */
function freeOptions({ settings }: DeployedMember): Record<string, string> {
  const free = settings.filter(({ name }) => reservedBecause(name) === undefined)
  return { ...timings, ...Object.fromEntries(free.map(({ name, value }) => [name, value])) }
}

function commonOptions(members: readonly DeployedMember[]): Record<string, string> {
  const [first = {}, ...rest] = members.map(freeOptions)
  const isCommon = ([name, value]: [string, string]) => rest.every((one) => one[name] === value)
  return Object.fromEntries(Object.entries(first).filter(isCommon))
}

function ownOptions(member: DeployedMember, common: Record<string, string>) {
  const own = Object.entries(freeOptions(member)).filter(([name]) => !Object.hasOwn(common, name))
  return Object.fromEntries(own)
}

function settingOf({ settings }: DeployedMember, name: string): string | undefined {
  return settings.find((setting) => setting.name === name)?.value
}
