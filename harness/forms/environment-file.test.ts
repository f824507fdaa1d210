import { expect, test } from 'vitest'
import { readVariables } from './environment-file.ts'

const read = (text: string) =>
  Object.fromEntries(readVariables(text).variables.map(({ name, value }) => [name, value]))

test('quotes, escapes, continued lines and comments are those of systemd', () => {
  expect(
    read(
      [
        '# a comment, with = in it',
        '; another one',
        'A=plain text   ',
        'B="quoted # text; = \\"x\\""  ',
        "C='single \\n stays'",
        'D=one \\',
        'two',
        'E=a#b',
        'F=',
        'A=again',
        '  G = spaced',
      ].join('\n'),
    ),
  ).toEqual({
    A: 'again',
    B: 'quoted # text; = "x"',
    C: 'single \\n stays',
    D: 'one two',
    E: 'a#b',
    F: '',
    G: 'spaced',
  })
})

test('a quoted value may have lines of its own, and the next variable keeps its line', () => {
  const { variables } = readVariables('A="one\ntwo"\nB=x\n')
  expect(variables).toEqual([
    { name: 'A', value: 'one\ntwo', line: 1 },
    { name: 'B', value: 'x', line: 3 },
  ])
})
