import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const path = JSON.stringify(join(import.meta.dirname, 'interrupt.ts'))

/** In a thread of its own: what it starts goes on until that ends, and would interrupt other tests. */
const interrupter = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', () => {})
  import(${path}).then(({ interruptScenarios }) => {
    interruptScenarios()
    parentPort.postMessage('interrupted')
  })`

/**
 * Its environment is a copy from before the interrupt, as that of a thread that vitest has begun to
 * start.
 */
const listener = `
  const { parentPort } = require('node:worker_threads')
  import(${path}).then(({ interruptSignal }) => {
    const signal = interruptSignal()
    const ended = () => parentPort.postMessage(signal.aborted)
    signal.addEventListener('abort', ended)
    setTimeout(ended, 60_000)
  })`

test('a thread that begins to listen after the interrupt is interrupted, too', async () => {
  await using interrupting = start(interrupter)
  expect(await once(interrupting.worker, 'message')).toEqual(['interrupted'])
  await using listening = start(listener)
  expect(await once(listening.worker, 'message')).toEqual([true])
})

function start(script: string): AsyncDisposable & { readonly worker: Worker } {
  const worker = new Worker(script, { eval: true })
  return { worker, [Symbol.asyncDispose]: async () => void (await worker.terminate()) }
}
