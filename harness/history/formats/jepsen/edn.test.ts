import { expect, test } from 'vitest'
import { refuseIn } from '../format.ts'
import { readEdn } from './edn.ts'

const read = (text: string) => [...readEdn(text, refuseIn('f.edn'))]
const readOne = (text: string) => read(`{:v ${text}}`).map(({ value }) => value)

test.each([
  ['nil', null],
  ['true', true],
  ['-12', -12],
  ['+7', 7],
  ['1.5e3', 1500],
  ['5N', 5],
  ['9007199254740993', { '#number': '9007199254740993' }],
  ['9007199254740993N', { '#number': '9007199254740993' }],
  ['2/3', { '#number': '2/3' }],
  ['1.5M', { '#number': '1.5M' }],
  ['##NaN', { '#number': 'NaN' }],
  [':ns/name', ':ns/name'],
  ['symbol', 'symbol'],
  [String.raw`"a\"b\\\n\u00e9;"`, 'a"b\\\né;'],
  [String.raw`\newline`, { '#char': 'newline' }],
  [String.raw`[\( 1]`, [{ '#char': '(' }, 1]],
  ['(1, 2 ; three\n 4)', [1, 2, 4]],
  ['#{:b :a}', { '#set': [':a', ':b'] }],
  ['{"a" 1, 2 [3]}', { a: 1, '2': [3] }],
  ['#inst "2024-01-01"', { '#inst': '2024-01-01' }],
  ['#jepsen.history.Op{:f :read}', { ':f': ':read' }],
  ['#_ {:not 1} [#_ 2 3]', [3]],
  ['#"\\d"', undefined],
])('%s', (text, value) => {
  if (value === undefined) expect(() => readOne(text)).toThrow('Expected an escape, got \\d')
  else expect(readOne(text)).toEqual([{ ':v': value }])
})

test('forms in a row have their lines, those of one vector also their index', () => {
  expect(read('; one\n{:a 1}\n\n{:a\n 2} {:a 3}').map(({ place }) => place)).toEqual([
    { line: 2 },
    { line: 4 },
    { line: 5 },
  ])
  expect(read('[{:a 1}\n{:a 2}]').map(({ place }) => place)).toEqual([
    { line: 1, index: 0 },
    { line: 2, index: 1 },
  ])
})

test.each([
  ['{:a 1', 'f.edn:1: Expected `}`, got the end of the file'],
  ['{:a 1 :b 2 :a 1}', 'f.edn:1: Expected a key once in a map, got :a twice'],
  ['{:a}', 'f.edn:1: Expected a value for each key of a map, got one without'],
  ['{:a 1}\n{:b "x', 'f.edn:2: Expected the end of a string, got the end of the file'],
  ['{:a ]}', 'f.edn:1: Expected a value, got `]`'],
  ['[{:a 1}] 2', 'f.edn:1: Expected the end of the file after the list'],
  [`{:a ${'['.repeat(200)}}`, 'f.edn:1: Expected values nested at most 100 deep, got deeper ones'],
])('%s is refused with its line', (text, problem) => {
  expect(() => read(text)).toThrow(problem)
})
