import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { frameTypes, headBytes } from './frames.ts'
import { createOutput } from './output.ts'

test('the frames that several chunks of one turn of the event loop made leave in one write', async () => {
  let received = 0
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received += chunk.length
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  await once(socket, 'connect')
  const writes: number[] = []
  const write = socket.write.bind(socket)
  socket.write = (bytes: Buffer) => {
    writes.push(bytes.length)
    return write(bytes)
  }
  const output = createOutput(socket)
  const count = 3
  for (let chunk = 0; chunk < count; chunk++) {
    output.frame({ type: frameTypes.ping, flags: 0, stream: 0 }, Buffer.alloc(8))
    // What Node does after each chunk that it hands over.
    await new Promise<void>((resolve) => process.nextTick(resolve))
  }
  const bytes = count * (headBytes + 8)
  await expect.poll(() => received).toBe(bytes)
  expect(writes).toEqual([bytes])
})
