import { InputError } from '../core/errors.ts'
import { suggestion } from '../core/text/nearest.ts'
import type { Architecture, ClusterSpec, MemberSpec, PortsSpec, TlsSpec } from './spec.ts'

/**
 * What may differ from the default cluster. The version has no default here: the catalogue of
 * images names the default one. `members` is a count or the members themselves.
 */
export interface SpecOverrides
  extends Partial<Omit<ClusterSpec, 'version' | 'members' | 'tls' | 'ports'>> {
  readonly version: string
  readonly members?: number | readonly MemberSpec[]
  /** Of every member, when `members` is a count or absent. */
  readonly architecture?: Architecture
  readonly tls?: Partial<TlsSpec>
  readonly ports?: Partial<PortsSpec>
}

/**
 * The default cluster (three members m1 to m3, mutual TLS for clients and peers, etcd's own
 * timings) with the given overrides. Not validated: see `validateSpec`.
 */
export function clusterSpec(overrides: SpecOverrides): ClusterSpec {
  const { members = 3, architecture = 'amd64', tls, ports, ...rest } = overrides
  return {
    name: 'gauntlet',
    options: {},
    heartbeatIntervalMs: 100,
    electionTimeoutMs: 1_000,
    ...rest,
    members: typeof members === 'number' ? namedMembers(members, architecture) : members,
    tls: { client: 'mutual', peer: 'mutual', key: 'rsa-2048', ...tls },
    ports: { client: 2379, peer: 2380, metrics: 2381, ...ports },
  }
}

export const noTls = { client: 'none', peer: 'none' } as const

/** Clusters that scenarios and people ask for by name. */
export const presets = {
  one: { members: 1 },
  'one-no-tls': { members: 1, tls: noTls },
  'three-mtls': { members: 3 },
  'three-no-tls': { members: 3, tls: noTls },
  'three-server-tls': { members: 3, tls: { client: 'server' } },
  'three-ecdsa': { members: 3, tls: { key: 'ecdsa-p256' } },
  'five-mtls': { members: 5 },
  'five-no-tls': { members: 5, tls: noTls },
  'seven-mtls': { members: 7 },
  'seven-no-tls': { members: 7, tls: noTls },
} as const satisfies Record<string, Preset>

type Preset = Omit<SpecOverrides, 'version'>
type PresetName = keyof typeof presets

/** Names of an earlier release, and what they are called now. */
const formerPresets: Readonly<Record<string, PresetName>> = {
  'one-plain': 'one-no-tls',
  'three-plain': 'three-no-tls',
  'five-plain': 'five-no-tls',
  'seven-plain': 'seven-no-tls',
}

/** The present name of a preset; any other text stays as it is. */
export function presentPresetName(name: string): string {
  return Object.hasOwn(formerPresets, name) ? (formerPresets[name] ?? name) : name
}

/**
 * The preset of that name, or of that name in an earlier release, with further overrides; an
 * InputError lists the names there are.
 */
export function preset(given: string, overrides: SpecOverrides): ClusterSpec {
  const name = presentPresetName(given)
  if (!Object.hasOwn(presets, name)) {
    const known = Object.keys(presets)
    const hint = suggestion(name, known)
    throw new InputError(
      `Expected the preset to be one of ${known.join(', ')}, got \`${name}\`${hint}`,
      { name },
    )
  }
  const base: Preset = presets[name as PresetName]
  return clusterSpec({
    ...base,
    ...overrides,
    tls: { ...base.tls, ...overrides.tls },
  })
}

/** Members m1, m2, … of one architecture. */
function namedMembers(count: number, architecture: Architecture): MemberSpec[] {
  return Array.from({ length: count }, (_, index) => ({ name: `m${index + 1}`, architecture }))
}

/**
 * So many members: the cluster's first ones, and new ones with the options of the first, each under a
 * name that is free.
 */
export function resizeCluster(spec: ClusterSpec, count: number): ClusterSpec {
  const [first] = spec.members
  const kept = spec.members.slice(0, count)
  const free = namedMembers(spec.members.length + count, first?.architecture ?? 'amd64').filter(
    ({ name }) => !spec.members.some((member) => member.name === name),
  )
  const added = free.slice(0, count - kept.length).map(({ name }) => ({ ...first, name }))
  return { ...spec, members: [...kept, ...added] as MemberSpec[] }
}
