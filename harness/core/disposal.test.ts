import { expect, test } from 'vitest'
import { disposal } from './disposal.ts'

const kinds = [
  ['ours', disposal.AsyncDisposableStack as unknown as AsyncDisposableStackConstructor],
  ["Node's", AsyncDisposableStack],
] as const

test.each(kinds)(
  '%s disposes in reverse order, and of errors the last suppresses the others',
  async (_, Kind) => {
    const order: string[] = []
    const stack = new Kind()
    stack.use({ [Symbol.asyncDispose]: async () => void order.push('used') })
    stack.defer(() => Promise.reject(new Error('second')))
    stack.adopt('adopted', (value) => void order.push(value))
    stack.defer(() => Promise.reject(new Error('first')))
    stack.use(null)
    const thrown = await stack.disposeAsync().catch((error) => error)
    expect(order).toEqual(['adopted', 'used'])
    expect(thrown).toMatchObject({ error: { message: 'second' }, suppressed: { message: 'first' } })
    await stack.disposeAsync()
    expect(order).toHaveLength(2)
    expect(() => stack.defer(() => {})).toThrow(ReferenceError)
  },
)

test.each(kinds)('%s hands its work to the stack that it moves to', async (_, Kind) => {
  let disposed = 0
  const moved = await (async () => {
    await using stack = new Kind()
    stack.defer(() => void disposed++)
    return stack.move()
  })()
  expect(disposed).toBe(0)
  await moved.disposeAsync()
  expect(disposed).toBe(1)
})
