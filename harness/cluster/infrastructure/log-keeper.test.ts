import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createLogKeeper } from './log-keeper.ts'

async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'logs-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const keeper = createLogKeeper()
  let current = ''
  const read = async () => keeper.kept('m1') + current
  return {
    keeper,
    /** What the present container writes. */
    write: (text: string) => {
      current += text
    },
    /** The container is removed, and another one starts. */
    restart: () => {
      keeper.keep('m1', current)
      current = ''
    },
    cut: async (whole = read) => {
      await keeper.cut(directory, new Map([['m1', whole]]))
      return gunzipSync(await readFile(join(directory, 'm1.log.gz'))).toString()
    },
  }
}

test('each cut has what was written since the last one, whatever containers wrote it', async () => {
  const { write, restart, cut, keeper } = await setUp()
  write('a')
  expect(await cut()).toBe('a')
  write('b')
  restart()
  write('c')
  expect(await cut()).toBe('bc')
  expect(keeper.kept('m1')).toBe('')
  restart()
  expect(await cut()).toBe('')
  write('d')
  restart()
  expect(await cut()).toBe('d')
})

test('a log that cannot be read is said, and is whole in the next cut', async () => {
  const { write, cut } = await setUp()
  write('a')
  await cut()
  write('b')
  const failing = async () => {
    throw new RangeError('no engine')
  }
  expect(await cut(failing)).toBe('gauntlet: the log could not be read: no engine\n')
  write('c')
  expect(await cut()).toBe('bc')
})
