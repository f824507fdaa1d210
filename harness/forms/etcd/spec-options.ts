import { InputError } from '../../core/errors.ts'
import type { ConfigurationOption } from '../../topology/member-configuration.ts'
import { looksLikeOption, reservedBecause } from '../../topology/reserved-options.ts'
import { flags } from './flags.ts'

/** The part of a ClusterSpec that options of etcd come to. */
export interface SpecOptions {
  readonly options: Readonly<Record<string, string>>
  readonly heartbeatIntervalMs?: number
  readonly electionTimeoutMs?: number
}

/**
 * Reads `--flag name=value` arguments, leading dashes allowed. The heartbeat and the election timeout
 * become their fields of the spec. Throws an InputError for anything malformed, given twice, or
 * reserved for Gauntlet.
 */
export function readFlagOptions(args: readonly string[]): SpecOptions {
  const options: Record<string, string> = {}
  for (const arg of args) {
    const { name, value } = readFlagOption(arg)
    if (Object.hasOwn(options, name)) {
      throw new InputError(`Expected \`--flag ${name}\` once, got it twice`, { option: name })
    }
    options[name] = value
  }
  const { 'heartbeat-interval': heartbeat, 'election-timeout': election, ...rest } = options
  return {
    options: rest,
    ...(heartbeat !== undefined && {
      heartbeatIntervalMs: milliseconds('heartbeat-interval', heartbeat),
    }),
    ...(election !== undefined && {
      electionTimeoutMs: milliseconds('election-timeout', election),
    }),
  }
}

function readFlagOption(arg: string): ConfigurationOption {
  const { settings, problems } = flags.read([arg.startsWith('-') ? arg : `--${arg}`])
  const [setting, problem] = [settings[0], problems[0]]
  if (setting === undefined || !arg.includes('=')) {
    // Without a value the form's own words, which are about a command line, say nothing more.
    const detail = problem === undefined || !arg.includes('=') ? '' : ` with ${problem.expected}`
    throw new InputError(`Expected \`--flag\` to be name=value${detail}, got \`${arg}\``, {
      option: arg,
    })
  }
  const { name, value } = setting
  if (!looksLikeOption(name)) {
    throw new InputError(
      `Expected \`--flag\` to name an etcd flag such as quota-backend-bytes, got \`${name}\``,
      { option: name },
    )
  }
  const reason = reservedBecause(name)
  if (reason !== undefined) {
    throw new InputError(`Expected \`--flag\` to leave ${name} to Gauntlet: ${reason}`, {
      option: name,
    })
  }
  if (/[\n\r\0]/.test(value)) {
    throw new InputError(`Expected the value of \`--flag ${name}\` to be one line, got several`, {
      option: name,
    })
  }
  return { name, value }
}

/** Both are plain integers of milliseconds in etcd: `100`, never `100ms`. */
function milliseconds(option: string, value: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(value)) {
    throw new InputError(
      `Expected \`--flag ${option}\` to be a whole number of milliseconds, got \`${value}\``,
      { option },
    )
  }
  return Number(value)
}
