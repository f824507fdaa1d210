/** The fields of an object by their names in lower case, without `_` and `-`. */
export type Fields = Readonly<Record<string, unknown>>

export function lowerNames(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([name, held]) => [bareName(name), held]))
}

const bareName = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')

const calls = ['call', 'invoke', 'start', 'begin']
const returns = ['return', 'complete', 'end', 'finish']
const units = ['', 'ns', 'us', 'ms', 'time', 'ts', 'at', 'timens']
const withUnits = (names: readonly string[]) =>
  names.flatMap((name) => units.map((unit) => name + unit))

const callNames = withUnits(calls)
const returnNames = withUnits(returns)
const clientNames = ['clientid', 'client', 'process', 'processid', 'thread', 'worker']
const operationNames = ['op', 'f', 'kind', 'operation']

/** What stands under the first of these names that is there. */
const firstOf = (names: readonly string[]) => (fields: Fields) =>
  names.map((name) => fields[name]).find((value) => value !== undefined)

export const callOf = firstOf(callNames)
export const returnOf = firstOf(returnNames)
export const clientOf = firstOf(clientNames)
export const nameOf = firstOf(operationNames)

/** Whether a number stands under this name that orders operations. */
export function isTimeName(name: string): boolean {
  const bare = bareName(name)
  return callNames.includes(bare) || returnNames.includes(bare)
}

/** Whether the beginning of a file shows operations that have their input beside their times. */
export function isFlat(beginning: string): boolean {
  const names = [...beginning.slice(0, 4_000).matchAll(/"([\w-]{1,20})"\s*:/g)]
  const found = new Set(names.map(([, name = '']) => bareName(name)))
  const has = (wanted: readonly string[]) => wanted.some((name) => found.has(name))
  return has(callNames) && has(returnNames) && has(operationNames) && !found.has('input')
}

const happened: ReadonlySet<string> = new Set(['ok', 'success', 'succeeded', 'true'])
const unknown: ReadonlySet<string> = new Set([
  ...['info', 'unknown', 'timeout', 'indeterminate', 'pending'],
  ...['fail', 'failed', 'failure', 'error', 'false'],
])

/**
 * Whether an operation that has its input beside its times happened: true where nothing says
 * otherwise, false where that is unknown; a text is a word that is neither.
 */
export function hasHappened({ outcome, status, ok }: Fields): boolean | string {
  const said = String(outcome ?? status ?? ok ?? 'ok').toLowerCase()
  if (happened.has(said)) return true
  return unknown.has(said) ? false : said
}
