import { compareVersions, seriesOf } from '../version.ts'
import { flagTable, knownVersions, unlistedDefault } from './flag-table.ts'
import { yamlKeyTable } from './yaml-key-table.ts'

/** A flag as one version has it. */
export interface KnownFlag {
  /** As `--help` prints it; undefined where the version does not list the flag. */
  readonly default: string | undefined
}

/** The flag, without dashes, as that version has it; undefined when it exits for it. */
export function flagAt(version: string, flag: string): KnownFlag | undefined {
  const cell = cellAt(version, own(flagTable, flag))
  if (cell === undefined) return undefined
  return { default: cell === unlistedDefault ? undefined : cell }
}

/** The Go type into which that version reads the key; undefined when it ignores the key. */
export function yamlTypeAt(version: string, key: string): string | undefined {
  return cellAt(version, own(yamlKeyTable, key))
}

/** Every flag of any known version. */
export const everyFlag: readonly string[] = Object.keys(flagTable)

/** Every key of a YAML file of any known version. */
export const everyYamlKey: readonly string[] = Object.keys(yamlKeyTable)

/**
 * The known version that stands for this one: the newest of its series that is not newer, else the
 * oldest of its series, else the newest older one, else the oldest.
 */
export function knownVersionFor(version: string): string {
  const series = seriesOf(version)
  const sameSeries = knownVersions.filter((known) => seriesOf(known) === series)
  const notNewer = (known: string) => compareVersions(known, version) <= 0
  return (
    sameSeries.findLast(notNewer) ??
    sameSeries[0] ??
    knownVersions.findLast(notNewer) ??
    knownVersions[0]
  )
}

type Row = Readonly<Record<string, string | null>>

function cellAt(version: string, row: Row | undefined): string | undefined {
  const known = knownVersionFor(version)
  const reached = Object.entries(row ?? {}).filter(([since]) => compareVersions(since, known) <= 0)
  return reached.at(-1)?.[1] ?? undefined
}

function own(table: Readonly<Record<string, Row>>, name: string): Row | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
