import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { interruptScenarios } from './interrupt.ts'

/**
 * Its environment is a copy from before the interrupt, as that of a thread that vitest has begun to
 * start.
 */
const script = `
  const { parentPort } = require('node:worker_threads')
  import(${JSON.stringify(join(import.meta.dirname, 'interrupt.ts'))}).then(({ interruptSignal }) => {
    const signal = interruptSignal()
    const ended = () => parentPort.postMessage(signal.aborted)
    signal.addEventListener('abort', ended)
    setTimeout(ended, 60_000)
  })`

test('a thread that begins to listen after the interrupt is interrupted, too', async () => {
  interruptScenarios()
  const { GAUNTLET_INTERRUPTED: _, ...env } = process.env
  const worker = new Worker(script, { eval: true, env })
  try {
    expect(await once(worker, 'message')).toEqual([true])
  } finally {
    await worker.terminate()
    delete process.env.GAUNTLET_INTERRUPTED
  }
})
