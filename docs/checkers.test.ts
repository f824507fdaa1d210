import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lies } from '../harness/lying-proxy/lies.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/CHECKERS.md'), 'utf8')

/** Rows of the first table: checkers, and what its last column names. */
const rows = page
  .slice(page.indexOf('| checker |'))
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((row) =>
    row.split('|').map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, one]) => one)),
  )
  .map((cells) => ({ checkers: cells[1] ?? [], shownBy: cells[4] ?? [] }))

const isTest = (name: string | undefined) => name?.endsWith('.test.ts') === true

test.each(rows ?? [])('the column of $checkers names its lies, or a test that exists', (row) => {
  const own = lies.filter(({ detectedBy }) => row.checkers.includes(detectedBy))
  expect(row.shownBy.filter((name) => !isTest(name))).toEqual(own.map(({ name }) => name))
  const tests = row.shownBy
    .filter(isTest)
    .map((name) => join(root, 'harness/checkers', String(name)))
  expect(tests.filter((file) => !existsSync(file))).toEqual([])
  expect(row.shownBy.length).toBeGreaterThan(0)
})

test('every lie is in the row of its checker', () => {
  const named = rows?.flatMap(({ shownBy }) => shownBy) ?? []
  expect(lies.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([])
})
