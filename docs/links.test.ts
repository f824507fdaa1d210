import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { markdownFiles, readSource, root } from '../harness/testing/sources.ts'

const pages = markdownFiles()

test.each(pages)('%s links only to files that exist', (page) => {
  const links = [...readSource(page).matchAll(linkTarget)]
  const missing = links.map(([, to = '']) => join(dirname(page), to)).filter(isMissing)
  expect(missing).toEqual([])
})

test.each(pages)('%s names only paths that exist', (page) => {
  const prose = readSource(page).replaceAll(linkTarget, '')
  const paths = [...prose.matchAll(path)].map(([named]) => named.replace(/[./]+$/, ''))
  expect(paths.filter(isMissing)).toEqual([])
})

test('a page that names a path of the tree is found', () => {
  const [named] = 'see `harness/core/no-such-file.ts`.'.match(path) ?? []
  expect(named).toBe('harness/core/no-such-file.ts')
  expect(isMissing('harness/core/no-such-file.ts')).toBe(true)
})

const linkTarget = /\]\((?!https?:|#)([^)#\s]+)/g

/** A path below a top folder; one with a placeholder such as `<suite>` or `*` names no file. */
const path =
  /(?<![\w./-])(?:harness|suites|reports(?!\/out)|docs|docker|fixtures|\.github)\/[\w./-]+(?![\w./-]*[*<…{])/g

function isMissing(file: string): boolean {
  return !existsSync(join(root, file))
}
