import { expect, test } from 'vitest'
import { markdownFiles, readSource, sourceFiles } from '../harness/testing/sources.ts'
import { replacedWords } from './words.ts'

const files = [...sourceFiles(), ...markdownFiles()].filter(
  (file) => !/^fixtures\/|^docs\/words\./.test(file),
)

test.each(replacedWords)('no file says $word: $instead', ({ word }) => {
  const found = files.flatMap((file) =>
    readSource(file)
      .split('\n')
      .flatMap((line, at) => (word.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})
