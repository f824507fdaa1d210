import { type Command, InvalidArgumentError, Option } from 'commander'
import { InputError } from '../core/errors.ts'
import { readFlagOptions } from '../forms/spec-options.ts'
import { preset } from '../topology/presets.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'
import { validateSpec } from '../topology/validate.ts'

/** The options of every command that raises a cluster, as commander hands them over. */
export interface ClusterOptions {
  readonly etcd?: string
  readonly image?: string
  readonly arch?: Architecture
  readonly members?: number
  readonly allowEven?: boolean
  readonly tls?: 'mutual' | 'server' | 'none'
  readonly flag: readonly string[]
}

export function addClusterOptions(command: Command): Command {
  return command
    .addOption(new Option('--etcd <version>', 'etcd version of the catalogue').conflicts('image'))
    .option('--image <reference>', 'your own etcd image, used unmodified')
    .addOption(new Option('--arch <arch>', 'of the members').choices(['amd64', 'arm64']))
    .option('--members <count>', 'how many members: 1, 3, 5 or 7', wholeNumber)
    .option('--allow-even', 'allow 2, 4 or 6 members')
    .addOption(
      new Option('--tls <mode>', 'between clients and members').choices([
        'mutual',
        'server',
        'none',
      ]),
    )
    .option('--flag <name=value>', 'an etcd flag for every member; may be repeated', collect, [])
}

/** The cluster that the options describe; throws an InputError for the first that is wrong. */
export function specOf(
  presetName: string,
  options: ClusterOptions,
  resolved: { readonly version: string; readonly architecture: Architecture },
): ClusterSpec {
  const { options: flags, ...timings } = readFlagOptions(options.flag)
  const spec = preset(presetName, {
    ...timings,
    ...resolved,
    options: flags,
    ...(options.members !== undefined && { members: options.members }),
    ...(options.tls !== undefined && { tls: tlsOf(options.tls) }),
  })
  validateSpec(spec, { allowEven: options.allowEven === true })
  return spec
}

/** Without TLS towards clients there is none between peers either; anything else keeps mutual. */
function tlsOf(mode: 'mutual' | 'server' | 'none'): Partial<ClusterSpec['tls']> {
  return { client: mode, peer: mode === 'none' ? 'none' : 'mutual' }
}

export function nativeArchitecture(): Architecture {
  if (process.arch === 'x64') return 'amd64'
  if (process.arch === 'arm64') return 'arm64'
  throw new InputError(`Expected an amd64 or arm64 machine, got ${process.arch}: choose --arch`)
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new InvalidArgumentError(`Expected a whole number, got \`${text}\`.`)
  }
  return Number(text)
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `5m`, `1h` or `500ms`; at most a day. */
export function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? []
  const ms = Number(count) * (unitsMs[unit] ?? 0)
  if (ms > 0 && ms <= 24 * 3_600_000) return ms
  throw new InvalidArgumentError(
    `Expected a time up to 24h such as 90s, 5m or 1h, got \`${text}\`.`,
  )
}

export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}
