import { expect, test } from 'vitest'
import { planShard, shardOption } from './shard.ts'

const planned = [
  { id: 'a/long', title: '' },
  { id: 'a/1', title: '' },
  { id: 'b/2', title: '' },
  { id: 'b/deep', title: '', skip: 'only from --depth full on' },
]
const lengthMs = (id: string) => (id === 'a/long' ? 100 : 10)

test('every scenario runs in one part, and parts are about as long as one another', () => {
  const running = (index: number) =>
    planShard(planned, lengthMs, { index, count: 2 })
      .filter(({ skip }) => skip === undefined)
      .map(({ id }) => id)
  expect(running(1)).toEqual(['a/long'])
  expect(running(2)).toEqual(['a/1', 'b/2'])
})

test('what another part runs is planned with the part that runs it', () => {
  const [first, , , deep] = planShard(planned, lengthMs, { index: 2, count: 2 })
  expect(first?.skip).toBe('another shard runs it (1/2)')
  expect(deep?.skip).toBe('only from --depth full on')
})

test('a part is one of those there are', () => {
  expect(shardOption.parse('2/5')).toEqual({ index: 2, count: 5 })
  for (const text of ['0/5', '6/5', '1', '1/0', 'a/b']) {
    expect(shardOption.parse(text), text).toBeUndefined()
  }
})
