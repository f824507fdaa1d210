import { expect, test } from 'vitest'
import { isCutShort } from './cut-short.ts'

const whole = JSON.stringify({
  type: 'ok',
  'na"me': [true, false, null, -1.5e-7, 1e21, {}, [], [[{ a: 'b' }]]],
  value: 'a \\ "quoted" {brace} \u0007 \n',
  last: '\\',
})

test('a line that is cut anywhere is cut short', () => {
  for (let length = 1; length < whole.length; length++) {
    expect(isCutShort(whole.slice(0, length)), whole.slice(0, length)).toBe(true)
  }
})

test.each([
  '{ "a" : [ 1 , "',
  '{"a":"\\u12',
  '{"a":-',
  '{"a":1.',
  '{"a":1e',
  '{"a":[1,',
  '{"a":1,',
])('cut short: %s', (text) => {
  expect(isCutShort(text)).toBe(true)
})

test.each([
  ['nothing', ''],
  ['a whole object', whole],
  ['a whole object and blanks', `${whole}  `],
  ['something behind a whole object', `${whole}x`],
  ['an object behind a whole object', `${whole}{"a":1`],
  ['an array', '[1,'],
  ['a cut string', '"abc'],
  ['no name', '{xyz'],
  ['no colon', '{"a" "b'],
  ['no value', '{"a":,'],
  ['no comma', '{"a":1 "b'],
  ['a wrong literal', '{"a":trze'],
  ['a number with a leading zero', '{"a":01'],
  ['a wrong escape', '{"a":"\\x'],
  ['a wrong code', '{"a":"\\u12g'],
  ['a control character in a string', '{"a":"\u0001'],
  ['a bracket that closes another', '{"a":[1}'],
  ['NULs, as a file system leaves them', '{"a":\0\0\0'],
])('not cut short: %s', (_, text) => {
  expect(isCutShort(text)).toBe(false)
})
