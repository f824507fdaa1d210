import { compareVersions, countedAs, hasReached, seriesOf } from '../version.ts'
import { flagTable, knownVersions, unlistedDefault } from './flag-table.ts'
import { yamlKeyTable } from './yaml-key-table.ts'

/** A flag as one version has it. */
export interface KnownFlag {
  /** As `--help` prints it; undefined where the version does not list the flag. */
  readonly default: string | undefined
}

/** The flag, without dashes, as that version has it; undefined when it exits for it. */
export function flagAt(version: string, flag: string): KnownFlag | undefined {
  const cell = cellAt(version, rowOf(flagTable, flag))
  if (cell === undefined) return undefined
  return { default: cell === unlistedDefault ? undefined : cell }
}

/** The Go type into which that version reads the key; undefined when it ignores the key. */
export function yamlTypeAt(version: string, key: string): string | undefined {
  return cellAt(version, rowOf(yamlKeyTable, key))
}

/** Every flag of any known version. */
export const everyFlag: readonly string[] = Object.keys(flagTable)

/** Every key of a YAML file of any known version. */
export const everyYamlKey: readonly string[] = Object.keys(yamlKeyTable)

/**
 * The version by which the tables answer for one of which nothing was read: a pre-release, one newer than
 * all that are known of its series, or one of an unknown series. Undefined for every other.
 */
export function standInFor(version: string): string | undefined {
  const counted = countedAs(version)
  if (counted !== version) return standInFor(counted) ?? counted
  if (compareVersions(version, oldest) < 0) return oldest
  const notNewer = (known: string) => compareVersions(known, version) <= 0
  const newest = knownVersions.findLast((known) => seriesOf(known) === seriesOf(version))
  if (newest === undefined) return knownVersions.findLast(notNewer)
  return compareVersions(version, newest) > 0 ? newest : undefined
}

/** Whether the binary of that very release was read, defaults and all. */
export function wasReadFrom(version: string): boolean {
  return knownVersions.some((known) => compareVersions(known, version) === 0)
}

/** From which release on a flag has which default; undefined where it is no flag. */
export function defaultsOf(
  flag: string,
): readonly (readonly [since: string, known: KnownFlag | undefined])[] {
  const row = rowOf(flagTable, flag) ?? {}
  const releases = Object.keys(row)
  const first = releases[0] === oldest ? [] : [[oldest, undefined] as const]
  return [...first, ...releases.map((since) => [since, flagAt(since, flag)] as const)]
}

const [oldest] = knownVersions

type Row = Readonly<Record<string, string | null>>

function cellAt(version: string, row: Row | undefined): string | undefined {
  const isOlder = compareVersions(version, oldest) < 0
  const reached = Object.entries(row ?? {}).filter(([since]) =>
    hasReached(isOlder ? oldest : version, since),
  )
  return reached.at(-1)?.[1] ?? undefined
}

function rowOf(table: Readonly<Record<string, Row>>, name: string): Row | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
