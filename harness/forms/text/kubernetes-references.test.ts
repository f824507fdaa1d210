import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expandReferences } from './kubernetes-references.ts'

const values = new Map([
  ['A', 'one'],
  ['E', ''],
  ['R', '$(A)'],
])

/** As Kubernetes has them. */
const path = join(
  import.meta.dirname,
  '../../../fixtures/deployments/readers/kubernetes-references.json',
)
const cases: readonly (readonly [string, string])[] = JSON.parse(readFileSync(path, 'utf8'))

test.each(cases)('%j becomes %j', (text, becomes) => {
  expect(expandReferences(text, (name) => values.get(name))).toBe(becomes)
})

test('references that nothing closes stay, however many', () => {
  const open = '$('.repeat(500_000)
  expect(expandReferences(open, () => 'x') === open).toBe(true)
})
