import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expandWord, joinLines, splitWords } from './systemd-words.ts'

/** What the functions of systemd 252 itself make of each text. */
const table = (name: string) => {
  const path = join(import.meta.dirname, '../../../fixtures/deployments/readers', `${name}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as readonly [string, readonly string[] | null][]
}

test.each(table('systemd-words'))('%j is split into %j', (text, words) => {
  const read = splitWords(text, 1)
  expect(read.problem === undefined ? read.words : null).toEqual(words)
})

const variables = new Map([
  ['V', 'one "two three" f\'o'],
  ['W', ' a  b\\ c '],
  ['E', ''],
  ['Q', '\'a "b"\' c"d e"f'],
])

test.each(table('systemd-variables'))('%j becomes %j', (word, words) => {
  expect(expandWord(word, variables, () => '')).toEqual(words)
})

test('a line goes on behind one backslash, and not behind two', () => {
  const texts = joinLines('A=a \\\n# comment\n  b\nB=c\\\\\nC=d\n').map(({ text }) => text)
  expect(texts).toEqual(['A=a    b', 'B=c\\\\', 'C=d'])
})
