import { expect, test } from 'vitest'
import { jepsenEdn } from '../../history/formats/jepsen/formats.ts'
import { judgeHistory } from './judge-history.ts'

/** Such as `0 invoke acquire`, a line each. */
function judge(...lines: readonly string[]) {
  const text = lines.map((line) => {
    const [process, type, f, value = 'nil'] = line.split(' ')
    return `{:process ${process} :type :${type} :f :${f} :value ${value}}`
  })
  return judgeHistory(jepsenEdn.read(text.join('\n'), 'history.edn').history)
}

const taken = ['0 invoke acquire', '0 ok acquire']
const other = ['1 invoke acquire', '1 ok acquire']

test('a mutex that is released before it is acquired again is valid, whoever releases it', () => {
  expect(judge(...taken, '0 invoke release', '0 ok release', ...other).verdict).toBe('valid')
  expect(judge(...taken, '1 invoke release', '1 ok release', ...other).verdict).toBe('valid')
  expect(judge(...taken, '1 invoke acquire', '1 fail acquire').verdict).toBe('valid')
  expect(judge('0 invoke acquire', '0 info acquire', ...other).verdict).toBe('valid')
})

test.each([
  ['held', [...taken, ...other]],
  [
    'held by a client that fails to release it',
    [...taken, '0 invoke release', '0 fail release', ...other],
  ],
  ['free', [...taken, '0 invoke release', '0 ok release', '1 invoke release', '1 ok release']],
])('a mutex that is acquired or released while it is %s is invalid', (_, lines) => {
  expect(judge(...lines)).toMatchObject({ verdict: 'invalid' })
})

test.each([
  ['a history of locks with owners', ['0 invoke acquire {:owner,0}']],
  ['a multi-register history (Knossos)', ['0 invoke txn [[:write,:x,1],[:read,:y,nil]]']],
  ['an rw-register history (Elle)', ['0 invoke txn [[:w,:x,1],[:r,:y,nil]]']],
])('%s is named, and not judged', (name, lines) => {
  expect(() => judge(...lines)).toThrow(name.replace(/^an /, 'a '))
})
