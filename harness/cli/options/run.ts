import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import type { Keep } from '../../run-record/evidence/keep-evidence.ts'
import { objectiveMeasures } from '../../run-record/scenario-plan.ts'
import { configOptions } from '../config/config-options.ts'
import { shardOption } from '../run/shard.ts'
import { clusterOptions } from './cluster.ts'
import { formatOptions, type OptionTable, type ValuesOf } from './table.ts'
import { anyText, durationMs, loadRate, oneOf, wholeNumber } from './value.ts'

/** The options of `gauntlet run`. */
export const runOptions = {
  ...clusterOptions,
  upgradeTo: {
    flags: '--upgrade-to <etcd>',
    description:
      'upgrade to a version of the catalogue, an image, a directory of binaries or an archive; may be repeated',
    values: anyText,
  },
  objective: {
    flags: '--objective <measure=value>',
    description:
      'such as writeOutageMs=3000 (at most) or writesPerS=3000 (at least); may be repeated',
    values: anyText,
  },
  depth: {
    flags: '--depth <depth>',
    description: 'how much of each suite: quick, ci or full',
    value: oneOf('quick', 'ci', 'full'),
    default: 'full',
  },
  load: {
    flags: '--load <rate>',
    description:
      'puts beside every scenario with faults: a share of the knee such as 70%, or a rate such as 500/s',
    value: loadRate,
  },
  duration: {
    flags: '--duration <time>',
    description: 'how long chaos lasts, such as 90s, 5m or 1h30m',
    value: durationMs,
  },
  seed: {
    flags: '--seed <number>',
    description: 'draw the same plan as the run that printed this seed',
    value: wholeNumber,
  },
  out: {
    flags: '--out <directory>',
    description: 'where run directories are written',
    value: anyText,
    default: 'reports/out',
    isLocal: true,
  },
  keep: {
    flags: '--keep <what>',
    description:
      'evidence of scenarios that held: all, compressed, or failed (only that of the others)',
    value: oneOf<Keep>('all', 'compressed', 'failed'),
    default: 'all',
    isLocal: true,
  },
  shard: {
    flags: '--shard <part>',
    description: 'only this part of the scenarios, such as 2/5; give all parts one --seed',
    value: shardOption,
    isLocal: true,
  },
  matrix: {
    flags: '--matrix <axis=values>',
    description:
      'one run for each value, such as etcd=3.4.23,3.5.30 or arch=amd64,arm64; several: their product',
    values: anyText,
    conflicts: ['selfTests'],
    isLocal: true,
  },
  ...configOptions,
  selfTests: {
    flags: '--self-tests',
    description: "also run the tests of Gauntlet's own harness that need an engine",
    isLocal: true,
  },
  dryRun: {
    flags: '--dry-run',
    description: 'print what would run, what it takes of this machine, and start no cluster',
    isLocal: true,
  },
  json: {
    flags: '--json',
    description: 'print the run record, or with --dry-run the plan, as JSON on standard output',
    isLocal: true,
  },
} as const satisfies OptionTable

export type RunOptions = ValuesOf<typeof runOptions>

const {
  depth: _depth,
  shard: _shard,
  matrix: _matrix,
  selfTests: _selfTests,
  ...ofNight
} = runOptions

/** The options of `gauntlet nightly`, which chooses the scenarios and their depth itself. */
export const nightlyOptions = {
  ...ofNight,
  duration: {
    ...runOptions.duration,
    description: 'how long the night lasts, such as 30m or 6h; default 2h',
  },
} as const satisfies OptionTable

export type NightlyOptions = ValuesOf<typeof nightlyOptions>

/** The options of a run as the user could type them again, with the seed that it used. */
export function formatRunOptions(options: RunOptions, seed: number): string {
  return formatOptions(runOptions, { ...options, seed })
}

/** Throws an InputError for what is no measure of an objective or no number. */
export function parseObjectives(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map(parseObjective))
}

function parseObjective(text: string): [string, number] {
  const [, name = '', value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (objectiveMeasures.some((measure) => measure === name)) return [name, Number(value)]
  const known = objectiveMeasures.join(', ')
  throw new InputError(
    `Expected \`--objective\` to be measure=number with a measure of ${known}, got \`${text}\`${suggestion(name, objectiveMeasures)}`,
    { option: '--objective' },
  )
}
