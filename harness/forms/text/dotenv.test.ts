import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDotenv } from './dotenv.ts'

const known = new Map([
  ['V', 'value.one'],
  ['E', ''],
])

/** As Compose has them; null where it refuses the text. */
const path = join(
  import.meta.dirname,
  '../../../fixtures/deployments/readers/compose-environment.json',
)
const cases: readonly (readonly [string, Readonly<Record<string, string>> | null])[] = JSON.parse(
  readFileSync(path, 'utf8'),
)

test.each(cases)('%j sets %j', (text, variables) => {
  const read = readDotenv(text, known)
  const set = Object.fromEntries(read.variables.map(({ name, value }) => [name, value]))
  expect(read.problems.length > 0 ? null : set).toEqual(variables)
})

test('a variable has the line of its name', () => {
  const { variables } = readDotenv('# c\nA="1\n2"\n\nB=3\n')
  expect(variables.map(({ name, line }) => `${name} ${line}`)).toEqual(['A 2', 'B 5'])
})

test('a file of a megabyte is read, each variable with its line', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `A${index}=1\n`).join('')
  expect(readDotenv(text).variables.at(-1)).toEqual({ name: 'A99999', value: '1', line: 100_000 })
})
