import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedDocs, replacePart } from './generated.ts'

test.each(Object.entries(generatedDocs))('%s is what `npm run docs` writes', (name, render) => {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8')
  expect(text).toBe(render(text))
})

test('a generated part replaces only what lies between its markers', () => {
  const page = 'a\n<!-- generated: walls -->\n\nold\n\n<!-- end -->\nb\n'
  const renewed = 'a\n<!-- generated: walls -->\n\nnew\n\n<!-- end -->\nb\n'
  expect(replacePart(page, 'walls', 'new')).toBe(renewed)
})

test('a page without the markers is an error', () => {
  expect(() => replacePart('a\n', 'walls', 'new')).toThrow('<!-- generated: walls -->')
})
