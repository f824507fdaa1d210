import { expect, test, vi } from 'vitest'
import { stopOnAbort } from './events.ts'

test('an interrupt stops a part of a command, also one that came before it', () => {
  const interrupt = new AbortController()
  const [running, late, ended] = [vi.fn(), vi.fn(), vi.fn()]
  stopOnAbort(interrupt.signal, running)
  stopOnAbort(interrupt.signal, ended)()
  expect(running).not.toHaveBeenCalled()
  interrupt.abort()
  stopOnAbort(interrupt.signal, late)
  expect([running, late, ended].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0])
})
