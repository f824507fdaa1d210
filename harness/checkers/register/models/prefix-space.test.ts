import { expect, test } from 'vitest'
import { createPrefixSpace } from './prefix-space.ts'
import { unseen } from './task.ts'

const space = createPrefixSpace(
  [
    { text: 'abc', until: 5 },
    { text: 'abd', until: 9 },
    { text: 'x', until: 3 },
  ],
  '',
)
const append = (state: number, text: string, id: number) =>
  space.append(state, { id, kind: 'append', text })

test('a text is the same state however appends make it', () => {
  const slowly = append(append(space.initial, 'a', 1), 'b', 2)
  expect(slowly).toBe(space.stateOf('ab'))
  expect(append(slowly, 'c', 3)).toBe(space.stateOf('abc'))
})

test('a text that begins no observed one is unseen and stays unseen', () => {
  expect(space.stateOf('b')).toBe(unseen)
  expect(append(space.stateOf('abc'), 'd', 4)).toBe(unseen)
  expect(append(unseen, 'a', 1)).toBe(unseen)
})

test('a state is observed until the last read of a text that it begins', () => {
  expect(space.seenUntil(space.stateOf('ab'))).toBe(9)
  expect(space.seenUntil(space.stateOf('abc'))).toBe(5)
  expect(space.seenUntil(unseen)).toBe(-1)
})

test('a text can only become a longer one with the same beginning', () => {
  expect(space.canBecome(space.stateOf('ab'), space.stateOf('abd'))).toBe(true)
  expect(space.canBecome(space.stateOf('abd'), space.stateOf('ab'))).toBe(false)
  expect(space.canBecome(space.stateOf('abc'), space.stateOf('abd'))).toBe(false)
})
