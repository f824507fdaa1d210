import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { interpolate } from './compose-template.ts'
import { withoutMarks } from './unresolved.ts'

const variables = new Map([
  ['V', 'value.one'],
  ['E', ''],
  ['D', '$V'],
])

/** As Compose has them; null where it refuses the text, and a name in braces for what has no value. */
const path = join(
  import.meta.dirname,
  '../../../fixtures/deployments/readers/compose-template.json',
)
const cases: readonly (readonly [text: string, becomes: string | null])[] = JSON.parse(
  readFileSync(path, 'utf8'),
)

test.each(cases)('%j becomes %j', (text, becomes) => {
  const read = interpolate(text, variables)
  expect(read === undefined ? null : withoutMarks(read)).toBe(becomes)
})

test('a long line is read, and words too deep in one another are refused', () => {
  const open = `\${N-`
  expect(interpolate(`\${N-b}`.repeat(100_000), variables)).toBe('b'.repeat(100_000))
  expect(interpolate(open.repeat(250_000), variables)).toBeUndefined()
  const nested = (depth: number) => `${open.repeat(depth)}b${'}'.repeat(depth)}`
  expect(interpolate(nested(50), variables)).toBe('b')
  expect(interpolate(nested(100_000), variables)).toBeUndefined()
})
