import { InputError } from '../core/errors.ts'
import { traitsOf } from './door.ts'
import { hasFeature } from './etcd-features.ts'
import { cipherProblems, lockedOutBy } from './locked-out.ts'
import { looksLikeOption, reservedBecause } from './reserved-options.ts'
import type { ClusterSpec } from './spec.ts'
import { architectureSchema, clusterSpecSchema } from './spec-schema.ts'
import { isVersion } from './version.ts'

export interface ValidateOptions {
  /** Allows two, four or six members. */
  readonly allowEven?: boolean
  /** What the caller's user calls a field of the spec: `members` → `--members`. Default: the same. */
  readonly nameOf?: (field: string) => string
}

interface Problem {
  /** Its path in the spec, such as `members[1].name`. */
  readonly field: string
  /** Completes "Expected `field` …". */
  readonly text: string
}

/**
 * Throws an InputError for the first problem; its field `problems` lists them all. Returns warnings,
 * one line each, for what works but is unwise.
 */
export function validateSpec(spec: ClusterSpec, options: ValidateOptions = {}): readonly string[] {
  const problems = problemsOf(spec, options)
  if (problems[0] !== undefined) throw new InputError(problems[0], { problems })
  const count = spec.members.length
  if (count % 2 === 1) return []
  const spare = count / 2 - 1
  return [
    `${count} members tolerate the loss of ${spare}, no more than ${count - 1} members do, and ` +
      'need one more vote for every write',
  ]
}

/** Every problem of the spec, one line each. */
export function problemsOf(spec: ClusterSpec, options: ValidateOptions = {}): readonly string[] {
  const { nameOf = (field) => field } = options
  const problems = [
    ...clusterProblems(spec),
    ...memberProblems(spec, options),
    ...portProblems(spec),
    ...timingProblems(spec),
    ...optionsOfAll(spec.options),
    ...memberOptions(spec),
    ...cipherProblems(spec),
    ...doorProblems(spec),
  ]
  const lines = problems.map(({ field, text }) => `Expected \`${nameOf(field)}\` ${text}`)
  return [...new Set(lines)]
}

const { client, peer, key } = clusterSpecSchema.properties.tls.properties

const isDnsLabel = (name: string) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)

function clusterProblems({ name, version, tls }: ClusterSpec): Problem[] {
  return [
    ...(isDnsLabel(name) ? [] : [expected('name', 'a DNS label such as gauntlet', name)]),
    ...(isVersion(version)
      ? []
      : [expected('version', 'an etcd version such as 3.5.16, without a leading v', version)]),
    ...oneOf('tls.client', client.enum, tls.client),
    ...oneOf('tls.peer', peer.enum, tls.peer),
    ...oneOf('tls.key', key.enum, tls.key),
  ]
}

function doorProblems({ door, version, auth }: ClusterSpec): Problem[] {
  const traits = traitsOf({ door })
  if (door === undefined) return []
  if (traits === undefined) {
    return oneOf('door', clusterSpecSchema.properties.door.enum, door)
  }
  if (isVersion(version) && !hasFeature(version, traits.needs)) {
    return [{ field: 'door', text: `to be one that etcd ${version} has, got ${door}` }]
  }
  if (auth?.by !== 'certificate' || traits.passesCertificates) return []
  const wanted = 'to pass clients’ certificates on, which name the users here'
  return [{ field: 'door', text: `${wanted}, got ${door}, which ends TLS` }]
}

function memberProblems({ members }: ClusterSpec, { allowEven }: ValidateOptions): Problem[] {
  const count = members.length
  const problems: Problem[] = []
  if (count < 1 || count > 7) {
    problems.push(expected('members', 'from 1 to 7', count))
  } else if (count % 2 === 0 && allowEven !== true) {
    problems.push(expected('members', 'an odd number from 1 to 7', count))
  }
  const seen = new Set<string>()
  members.forEach(({ name, architecture }, index) => {
    const field = `members[${index}]`
    if (!isDnsLabel(name)) problems.push(expected(`${field}.name`, 'a DNS label such as m1', name))
    if (seen.has(name)) problems.push(expected(`${field}.name`, 'unique', name))
    seen.add(name)
    problems.push(...oneOf(`${field}.architecture`, architectureSchema.enum, architecture))
  })
  return problems
}

function portProblems({ ports }: ClusterSpec): Problem[] {
  const entries = Object.entries(ports) as [string, number][]
  const outside = entries.filter(([, port]) => !Number.isInteger(port) || port < 1 || port > 65_535)
  const problems = outside.map(([name, port]) =>
    expected(`ports.${name}`, 'a port from 1 to 65535', port),
  )
  const distinct = new Set(entries.map(([, port]) => port)).size
  if (distinct < entries.length) {
    problems.push(expected('ports', 'different ports', Object.values(ports).join(', ')))
  }
  return problems
}

/** etcd does not start with less than five heartbeats an election, or more than 50 s. */
function timingProblems({ heartbeatIntervalMs, electionTimeoutMs }: ClusterSpec): Problem[] {
  const problems: Problem[] = []
  if (!Number.isInteger(heartbeatIntervalMs) || heartbeatIntervalMs < 1) {
    problems.push(
      expected('heartbeatIntervalMs', 'a whole number of milliseconds', heartbeatIntervalMs),
    )
  }
  const least = 5 * heartbeatIntervalMs
  if (
    !Number.isInteger(electionTimeoutMs) ||
    electionTimeoutMs < least ||
    electionTimeoutMs > 50_000
  ) {
    problems.push(
      expected('electionTimeoutMs', `from ${least} (five heartbeats) to 50000`, electionTimeoutMs),
    )
  }
  return problems
}

/** Options that are fields of the spec. */
const timings: Readonly<Record<string, 'heartbeatIntervalMs' | 'electionTimeoutMs'>> = {
  'heartbeat-interval': 'heartbeatIntervalMs',
  'election-timeout': 'electionTimeoutMs',
}

function optionsOfAll(options: ClusterSpec['options']): Problem[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const timing = timings[name]
    if (timing === undefined) return optionProblems('options', name, value)
    return [{ field: timing, text: `instead of \`options.${name}\`` }]
  })
}

/** A member may have timings of its own beside those of all. */
function memberOptions(spec: ClusterSpec): Problem[] {
  return spec.members.flatMap(({ options = {} }, index) => {
    const own = Object.entries(options).filter(([name]) => !Object.hasOwn(timings, name))
    const timed = Object.entries(timings).map(([name, field]) => [
      field,
      options[name] === undefined ? spec[field] : Number(options[name]),
    ])
    const place = `members[${index}].options`
    const ownField = ({ field, text }: Problem) => {
      const name = Object.keys(timings).find((each) => timings[each] === field) ?? ''
      return { field: options[name] === undefined ? field : `${place}.${name}`, text }
    }
    return [
      ...own.flatMap(([name, value]) => optionProblems(place, name, value)),
      ...timingProblems({ ...spec, ...Object.fromEntries(timed) }).map(ownField),
    ]
  })
}

function optionProblems(place: string, name: string, value: unknown): Problem[] {
  const field = `${place}.${name}`
  if (!looksLikeOption(name)) {
    return [expected(place, 'etcd flags by name such as quota-backend-bytes', name)]
  }
  const reason = reservedBecause(name)
  if (reason !== undefined) return [{ field, text: `to be left to Gauntlet: ${reason}` }]
  if (typeof value !== 'string' || /[\n\r\0]/.test(value)) {
    return [expected(field, 'a string of one line', value)]
  }
  const door = lockedOutBy(name, value)
  return door === undefined ? [] : [{ field, text: `${door}, got ${JSON.stringify(value)}` }]
}

function oneOf(field: string, allowed: readonly string[], got: string): Problem[] {
  return allowed.includes(got) ? [] : [expected(field, `one of ${allowed.join(', ')}`, got)]
}

function expected(field: string, wanted: string, got: unknown): Problem {
  const found = typeof got === 'string' ? JSON.stringify(got) : String(got)
  return { field, text: `to be ${wanted}, got ${found}` }
}
