import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeWords } from './compose-words.ts'

/** As Compose has them; null where it refuses the line. */
const path = join(import.meta.dirname, '../../../fixtures/deployments/readers/compose-words.json')
const cases: readonly (readonly [line: string, words: readonly string[] | null])[] = JSON.parse(
  readFileSync(path, 'utf8'),
)

test.each(cases)('%j is %j', (line, words) => {
  expect(composeWords(line) ?? null).toEqual(words)
})
