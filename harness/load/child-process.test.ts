import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { done, notYet, poll } from '../core/poll.ts'
import { answerDeadlineMs, inChildProcess } from './child-process.ts'
import { sampleLoad } from './testing/sample-load.ts'

/** A server that accepts every request, and counts its connections. */
async function serve() {
  let open = 0
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.end()),
  )
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const targets = [{ member: 'm1', endpoint: `http://127.0.0.1:${port}` }]
  const untilOpen = (what: string, isSo: (count: number) => boolean) =>
    poll(() => (isSo(open) ? done(open) : notYet(`${open} connections`)), {
      what,
      deadlineMs: 60_000,
    })
  return { targets, untilOpen }
}

test('the process and its connections are gone after the run', async () => {
  const { targets, untilOpen } = await serve()
  const measured = await inChildProcess('gateway').run(
    sampleLoad({ targets, clients: 3, windowMs: 1_000 }),
  )
  expect(measured.acknowledged).toBeGreaterThan(0)
  await untilOpen('no connection to be left', (count) => count === 0)
})

test('a generator exits with the process that started it', async () => {
  const { targets, untilOpen } = await serve()
  const load = JSON.stringify(sampleLoad({ targets, clients: 3, windowMs: 60_000 }))
  const module = join(import.meta.dirname, 'child-process.ts')
  const script = `import { inChildProcess } from '${module}'
    await inChildProcess('gateway').run(${load})`
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: 'ignore',
  })
  await untilOpen('three clients to be connected', (count) => count === 3)
  starter.kill('SIGKILL')
  await untilOpen('no connection to be left', (count) => count === 0)
})

test('an error of the child process is thrown here with its message', async () => {
  const { targets } = await serve()
  const load = sampleLoad({ targets, clients: 11, keys: 10 })
  await expect(inChildProcess('etcd3').run(load)).rejects.toThrow(
    /at least as many keys as clients/,
  )
})

test('an answer is awaited while clients write the keys that they read, as far as timers go', () => {
  const load = sampleLoad({ clients: 10, keys: 1_000, timeoutMs: 5_000 })
  const puts = answerDeadlineMs(load)
  expect(answerDeadlineMs({ ...load, operation: 'range' })).toBe(puts + 500_000)
  expect(answerDeadlineMs({ ...load, operation: 'range', keys: 1e9 })).toBe(2 ** 31 - 1)
})

test('a child process stops its run early at the signal, with what it counted', async () => {
  const { targets } = await serve()
  const stopping = new AbortController()
  const load = sampleLoad({ targets, clients: 3, windowMs: 60_000, timeoutMs: 20_000 })
  const running = inChildProcess('gateway').run(load, stopping.signal)
  setTimeout(() => stopping.abort(), 500)
  expect(await running).toMatchObject({ endedBy: 'signal' })
  const late = inChildProcess('gateway').run(load, stopping.signal)
  expect(await late).toMatchObject({ endedBy: 'signal' })
})
