import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readVariables } from './systemd-environment.ts'

const read = (text: string) =>
  Object.fromEntries(readVariables(text).variables.map(({ name, value }) => [name, value]))

/** What systemd 252 itself makes of each text; what is no assignment, it leaves out. */
const path = join(
  import.meta.dirname,
  '../../../fixtures/deployments/readers/systemd-environment.json',
)
const cases: readonly (readonly [text: string, variables: Readonly<Record<string, string>>])[] =
  JSON.parse(readFileSync(path, 'utf8'))

test.each(cases)('%j sets %j', (text, variables) => {
  const { problems } = readVariables(text)
  expect(problems.filter(({ expected }) => !/NAME=value|closing/.test(expected))).toEqual([])
  expect(read(text)).toEqual(variables)
})

test('before systemd 254 a backslash ends no comment: the line behind it is refused', () => {
  expect(readVariables('#A="x \\\n# y\nB=1 \\\n2\n# c \\\\\nC=1').problems).toEqual([])
  expect(readVariables('#A="x \\\nB=1').problems).toEqual([expect.objectContaining({ line: 1 })])
})

test('a quoted value may have lines of its own, and the next variable keeps its line', () => {
  const { variables } = readVariables('A="one\ntwo"\nB=x\n')
  expect(variables).toEqual([
    { name: 'A', value: 'one\ntwo', line: 1 },
    { name: 'B', value: 'x', line: 3 },
  ])
})
