import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lies } from '../harness/lying-proxy/lies.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/CHECKERS.md'), 'utf8')

/** Rows of the first table: checkers, and what shows that they can fail. */
const rows = page
  .slice(page.indexOf('| checker |'))
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((row) => row.split('|'))
  .map((cells) => ({ checkers: namesIn(cells[1]), shownBy: cells[4] ?? '' }))

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

test.each(rows ?? [])('the row of $checkers says whether lies show that it can fail', (row) => {
  const isShown = lies.some(({ detection }) =>
    row.checkers.includes(detection.id.split('/')[0] ?? ''),
  )
  expect(row.shownBy.includes('[lies](LIES.md)')).toBe(isShown)
})

test.each(rows ?? [])('the row of $checkers names lies, or a test that exists', (row) => {
  const tests = namesIn(row.shownBy).map((name) => join(root, 'harness/checkers', name))
  expect(tests.filter((file) => !existsSync(file))).toEqual([])
  expect(tests.length > 0 || row.shownBy.includes('lies')).toBe(true)
})
