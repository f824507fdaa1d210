import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLogExcerpt } from './member-log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (seconds: number) => new Date(seconds * 1_000).toISOString()
const zap = (seconds: number, level: string, msg: string) =>
  JSON.stringify({ level, ts: at(seconds), caller: 'a.go:1', msg, term: 3 })

async function excerptOf(lines: readonly string[], fromS = 0, toS = 1_000) {
  const file = join(folder, 'm1.log')
  writeFileSync(file, lines.join('\n'))
  return await readLogExcerpt('m1', file, { fromMs: fromS * 1_000, toMs: toS * 1_000 })
}

test('an excerpt has only the lines of its window, in both forms that etcd writes', async () => {
  const old = '1970-01-01 00:00:20.500000 W | rafthttp: lost the connection'
  const excerpt = await excerptOf(
    [zap(5, 'info', 'early'), zap(20, 'warn', 'in time'), old, zap(40, 'info', 'late')],
    10,
    30,
  )
  expect(excerpt?.lines).toEqual([
    { timeMs: 20_000, level: 'warn', text: 'in time  term=3' },
    { timeMs: 20_500, level: 'warn', text: 'rafthttp: lost the connection' },
  ])
})

test('a warning repeated five hundred times does not displace an election', async () => {
  const noise = Array.from({ length: 500 }, (_, index) =>
    zap(10 + index / 100, 'warn', 'apply request took too long'),
  )
  const excerpt = await excerptOf([
    ...noise,
    zap(16, 'info', 'm2 became leader at term 3'),
    ...noise,
  ])
  expect(excerpt?.lines.length).toBeLessThanOrEqual(40)
  expect(excerpt?.inWindow).toBe(1_001)
  expect(excerpt?.lines.some(({ text }) => text.includes('became leader'))).toBe(true)
})

test('a member without a log has no excerpt', async () => {
  const nowhere = join(folder, 'none.log')
  expect(await readLogExcerpt('m1', nowhere, { fromMs: 0, toMs: 1 })).toBeUndefined()
})

test('of a log with a line of more than 16 MiB the lines before it are shown', async () => {
  const excerpt = await excerptOf([zap(5, 'info', 'before'), 'x'.repeat(17 * 2 ** 20)])
  expect(excerpt?.lines).toMatchObject([{ text: 'before  term=3' }])
})
