import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { openLineWriter } from './line-writer.ts'
import { openText } from './text.ts'

async function setUp(name = 'lines.gz') {
  const directory = await mkdtemp(join(tmpdir(), 'lines-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return join(directory, name)
}

const line = (index: number) => `{"line":${index},"padding":"${'v'.repeat(index % 97)}"}\n`
const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index))

test.each(['lines.jsonl', 'lines.gz'])('%s is read back as it was written', async (name) => {
  const path = await setUp(name)
  const writer = openLineWriter(path)
  const written = lines(20_000)
  for (const each of written) writer.write(each)
  await writer.close()
  expect(await text(openText(path))).toBe(written.join(''))
})

test('a closed compressed file is one that other programs read', async () => {
  const path = await setUp()
  const writer = openLineWriter(path)
  writer.write(line(1))
  await writer.close()
  await writer.close()
  expect(gunzipSync(readFileSync(path)).toString()).toBe(line(1))
  expect(() => writer.write(line(2))).toThrow(RangeError)
})

test('flush hands every line so far to the file', async () => {
  const path = await setUp()
  const writer = openLineWriter(path, 60_000)
  for (let index = 0; index < 50; index++) {
    for (const each of lines(40)) writer.write(each)
    await writer.flush()
    expect((await text(openText(path))).length).toBe((index + 1) * lines(40).join('').length)
  }
  await writer.close()
})

test('a compressed file that was cut anywhere is read up to its cut', async () => {
  const path = await setUp()
  const writer = openLineWriter(path)
  const written = lines(3_000)
  for (const [index, each] of written.entries()) {
    writer.write(each)
    if (index % 500 === 0) await writer.flush()
  }
  await writer.close()
  const whole = written.join('')
  let { size } = await stat(path)
  const lengths: number[] = []
  for (; size >= 0; size -= 997) {
    truncateSync(path, size)
    const read = await text(openText(path))
    expect(whole.startsWith(read)).toBe(true)
    lengths.push(read.length)
  }
  expect(lengths[1]).toBeGreaterThan(0.8 * whole.length)
})

test('a compressed file that is damaged is an error, not an end', async () => {
  const path = await setUp()
  const writer = openLineWriter(path)
  for (const each of lines(3_000)) writer.write(each)
  await writer.close()
  const bytes = readFileSync(path)
  const middle = bytes.length >> 1
  bytes.fill(0xff, middle, middle + 64)
  writeFileSync(path, bytes)
  await expect(text(openText(path))).rejects.toThrow()
})

test('a file that cannot be created is an error of flush and close', async () => {
  const path = await setUp()
  const writer = openLineWriter(path)
  writer.write(line(1))
  await writer.close()
  const second = openLineWriter(path)
  second.write(line(2))
  await expect(second.flush()).rejects.toThrow('EEXIST')
  await expect(second.close()).rejects.toThrow('EEXIST')
})

test('a process killed with SIGKILL loses at most the last second', async () => {
  const path = await setUp()
  const script = `
    const { openLineWriter } = await import(${JSON.stringify(join(import.meta.dirname, 'line-writer.ts'))})
    const writer = openLineWriter(${JSON.stringify(path)})
    let index = 0
    const write = () => {
      writer.write(JSON.stringify({ index, at: Date.now(), padding: Math.random() }) + '\\n')
      if (++index === 1000) process.send('enough')
      setTimeout(write, 1)
    }
    write()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  const killedAt = Date.now()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const read = (await text(openText(path))).split('\n').slice(0, -1)
  const last = JSON.parse(read.at(-1) ?? '{}')
  // A process that hardly runs flushes late; one that never does has written nothing.
  expect(killedAt - last.at).toBeLessThan(5_000)
  expect(read.map((each) => JSON.parse(each).index)).toEqual(read.map((_, index) => index))
})
