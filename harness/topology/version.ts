import { InputError } from '../core/errors.ts'

/**
 * `3.5.16`, perhaps with a pre-release such as `3.6.0-rc.1`, or with what a packager put behind it
 * (`3.5.30-k3s1`, `3.6.5+dfsg`). No leading v.
 */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+~-]+)?$/.test(text)
}

/**
 * Negative when `a` is older than `b`. An alpha, beta or rc is older than its release, as semver
 * orders them; any other suffix is a packager's, and the release itself. Throws an InputError for
 * what is not a version.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index]
    if (difference !== 0) return difference
  }
  return comparePreRelease(left.preRelease, right.preRelease)
}

/**
 * The release whose features it has: `3.6.0` for `3.6.0-rc.1`, `3.5.0` for `3.6.0-alpha.0`. An alpha is cut
 * long before its series, also before patch releases of older ones from which they have the same.
 */
export function countedAs(version: string): string {
  const { numbers, preRelease } = parse(version)
  const [major, minor, patch] = numbers
  if (preRelease.length === 0) return version
  const isAlpha = preRelease[0] === 'alpha' && minor > 0 && patch === 0
  return isAlpha ? `${major}.${minor - 1}.0` : `${major}.${minor}.${patch}`
}

/** `3.5` of `3.5.16`. */
export function seriesOf(version: string): string {
  const { numbers } = parse(version)
  return `${numbers[0]}.${numbers[1]}`
}

/**
 * Whether the version has what came with the first version that `since` names of each series, such
 * as `['3.4.29', '3.5.11']`. A series newer than all of them has it, an older one does not. An alpha
 * counts as the `.0` of the series before.
 */
export function isSince(given: string, since: readonly string[]): boolean {
  const version = countedAs(given)
  const series = seriesOf(version)
  const sameSeries = since.find((first) => seriesOf(first) === series)
  if (sameSeries !== undefined) return hasReached(version, sameSeries)
  return since.every((first) => compareVersions(version, first) > 0)
}

/**
 * Whether it is that version or a newer one. The betas and release candidates of a series have what its
 * `.0` has, an alpha what that of the series before has.
 */
export function hasReached(version: string, first: string): boolean {
  return compareVersions(countedAs(version), first) >= 0
}

/** The versions that a bug affects. Without both: every version. */
export interface AffectedVersions {
  /** The first version of each series that has the bug. */
  readonly since?: readonly string[]
  /** The first version of each series without it; later series never had it. */
  readonly fixedIn?: readonly string[]
}

export function isAffected(version: string, { since, fixedIn }: AffectedVersions): boolean {
  if (since !== undefined && !isSince(version, since)) return false
  return fixedIn === undefined || !isSince(version, fixedIn)
}

interface ParsedVersion {
  readonly numbers: readonly [number, number, number]
  readonly preRelease: readonly string[]
}

function parse(version: string): ParsedVersion {
  if (!isVersion(version)) {
    throw new InputError(
      `Expected the version to be such as 3.5.16, without a leading v, got \`${version}\``,
      { version },
    )
  }
  const [release = '', suffix = ''] = version.split(/[-+](.*)/)
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number)
  const isPreRelease = /^(alpha|beta|rc)\b/.test(suffix)
  return { numbers: [major, minor, patch], preRelease: isPreRelease ? suffix.split('.') : [] }
}

function comparePreRelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]]
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1
    if (left !== right) return compareIdentifier(left, right)
  }
  return 0
}

function compareIdentifier(a: string, b: string): number {
  const [aNumeric, bNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (aNumeric && bNumeric) return Number(a) - Number(b)
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1
  return a < b ? -1 : 1
}
