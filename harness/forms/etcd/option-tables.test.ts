import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyFlag, everyYamlKey, flagAt, yamlTypeAt } from '../../topology/options/options.ts'
import { readDeployment } from '../deployment/deployment.ts'
import { upgradeEffects } from '../deployment/upgrade.ts'

interface Table {
  readonly versions: readonly string[]
  /** By name: of each version the default or the type, null where it has none; `?` = not listed. */
  readonly rows: Readonly<Record<string, readonly (string | null)[]>>
}

const folder = join(import.meta.dirname, '../../../fixtures/options')
const tableIn = (name: string): Table => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const [flags, keys] = [tableIn('flags.json'), tableIn('yaml-keys.json')]

/** A value that every version takes for the flag, so that its name alone decides. */
function sampleValue(flag: string): string {
  const type = keys.rows[flag]?.findLast((cell) => cell !== null) ?? 'string'
  const given = flags.rows[flag]?.findLast(
    (cell) => cell !== null && !/^(\?|math\..*|)$/.test(cell),
  )
  if (given !== undefined && given !== null) return given
  if (flag === 'feature-gates') return 'CompactHashCheck=true'
  if (type === 'bool') return 'true'
  return /^u?int/.test(type) ? '5' : type === 'time.Duration' ? '5s' : 'x'
}

const cells = ({ versions, rows }: Table) =>
  versions.flatMap((version, column) =>
    Object.entries(rows).map(([name, row]) => ({ name, version, cell: row[column] ?? null })),
  )

test('the table of flags has every row that was read from the binaries, and no other', () => {
  expect(everyFlag).toEqual(Object.keys(flags.rows).toSorted())
  for (const { name, version, cell } of cells(flags)) {
    const expected = cell === null ? undefined : { default: cell === '?' ? undefined : cell }
    expect([name, version, flagAt(version, name)]).toEqual([name, version, expected])
  }
})

test('the table of keys has every row that was read from the sources', () => {
  for (const { name, version, cell } of cells(keys)) {
    expect([name, version, yamlTypeAt(version, name)]).toEqual([name, version, cell ?? undefined])
  }
  expect(everyYamlKey).toEqual(expect.arrayContaining(Object.keys(keys.rows)))
})

/** What `inspect --to` says of one setting alone. */
function effectOf(path: string, text: string, name: string, to: string) {
  const [member] = readDeployment([{ path, text }]).members
  const effects = upgradeEffects(member, { from: to, to })
  return effects.filter(({ setting, file }) => setting === name && file !== undefined)
}

test('inspect --to accounts for every flag on every version', () => {
  for (const { name, version, cell } of cells(flags)) {
    const [effect] = effectOf('a.sh', `etcd --${name}='${sampleValue(name)}'\n`, name, version)
    expect([name, version, effect?.effect === 'ends-etcd']).toEqual([name, version, cell === null])
  }
})

test('inspect --to accounts for every variable on every version', () => {
  for (const { name, version, cell } of cells(flags)) {
    const variable = `ETCD_${name.replaceAll('-', '_').toUpperCase()}`
    const text = `${variable}='${sampleValue(name)}'\n`
    const [effect] = effectOf('a.env', text, name, version)
    expect([name, version, effect?.effect === 'ignored']).toEqual([name, version, cell === null])
  }
})

/** Maps, and keys of maps, whose settings go by the names of flags; and what no file can set. */
const otherKeys =
  /^(allowed-|auto-tls|ca-file|cert-file|client-(cert|key|transport)|key-file|trusted-ca|skip-|.*-config$|.*-options$|peer-transport)/

test('inspect --to accounts for every key at the top of a file on every version', () => {
  for (const { name, version, cell } of cells(keys)) {
    if (otherKeys.test(name)) continue
    const type = keys.rows[name]?.findLast((each) => each !== null) ?? ''
    const other = type.startsWith('[]') ? '[x]' : 'x'
    const value = type === 'bool' ? 'true' : /^u?int|Duration/.test(type) ? '5' : other
    const text = `${name}: ${value}\n${name === 'max-wals' ? '' : 'max-wals: 5\n'}`
    const effects = effectOf('a.yaml', text, nameOf(name), version)
    const isIgnored = effects.some(({ effect }) => effect === 'ignored')
    expect([name, version, isIgnored]).toEqual([name, version, cell === null])
  }
})

/** One key has another spelling than its flag. */
function nameOf(key: string): string {
  return key.replace('catch-up', 'catchup')
}
