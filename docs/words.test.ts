import { expect, test } from 'vitest'
import { markdownFiles, readSource, sourceFiles } from '../harness/testing/sources.ts'
import { replacedWords } from './words.ts'

// The changelog names what was renamed.
const files = [...sourceFiles(), ...markdownFiles()].filter(
  (file) => !/^fixtures\/|^docs\/words\.|^CHANGELOG\.md$/.test(file),
)

test('the files of ours are found', () => {
  expect(files.length).toBeGreaterThan(1_000)
})

test.each(replacedWords)('no file says $word: $instead', ({ word }) => {
  const found = files.flatMap((file) =>
    readSource(file)
      .split('\n')
      .flatMap((line, at) => (word.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})
