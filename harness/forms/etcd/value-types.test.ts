import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typeProblem } from './value-types.ts'

/** Whether Go's own readers of flags take the value. */
const path = join(import.meta.dirname, '../../../fixtures/deployments/readers/go-values.json')
const cases: readonly (readonly [flag: string, value: string, isTaken: boolean])[] = JSON.parse(
  readFileSync(path, 'utf8'),
)

test.each(cases)('--%s=%s is taken: %s', (name, value, isTaken) => {
  expect(typeProblem({ name, value, line: 1 }).length === 0).toBe(isTaken)
})

test('a number that is too large has the largest in its line', () => {
  expect(typeProblem({ name: 'snapshot-count', value: '18446744073709551616', line: 3 })).toEqual([
    {
      line: 3,
      expected: 'a whole number from 0 to 18446744073709551615 for snapshot-count',
      found: '18446744073709551616',
    },
  ])
})

test('a duration of digits alone is none, however many', () => {
  const value = '1'.repeat(1_000_000)
  expect(typeProblem({ name: 'corrupt-check-time', value, line: 1 })).toHaveLength(1)
})
