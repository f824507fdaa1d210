import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkFile } from './file.ts'

const folder = join(import.meta.dirname, '../../../fixtures/histories-of-others')

/** What each file must come to; the fields that are absent may be anything. */
interface Expected {
  readonly verdict: 'valid' | 'invalid' | 'unknown' | 'unreadable'
  /** Where the operation that could not be placed stands. */
  readonly line?: number
  readonly index?: number
  readonly partition?: string
  readonly code?: string
  /** Of an unreadable file: how the line begins, from the file's name on. */
  readonly reason?: string
  /** A part of the only warning; without it there is none. */
  readonly warning?: string
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Expected>
>
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name !== 'expected.json' && statSync(join(folder, name)).isFile(),
)

test('every file has its verdict in expected.json', () => {
  expect(files.toSorted()).toEqual(Object.keys(expected).toSorted())
})

test.each(Object.entries(expected))('%s has its verdict, at its place', async (name, wanted) => {
  const { verdict, line, index, partition, code, reason, warning } = wanted
  const found = await checkFile(join(folder, name), { timeoutS: 10 })
  expect(found.verdict, found.reason).toBe(verdict)
  if (line !== undefined) expect(found.culprit).toMatchObject({ line, ...(index && { index }) })
  if (partition !== undefined) expect(found.evidence?.partition).toBe(partition)
  if (code !== undefined) expect(found.code).toBe(code)
  if (reason !== undefined) {
    expect(found.reason).toContain(reason)
    expect(found.reason).not.toContain('\n')
  }
  expect(found.warnings ?? []).toEqual(
    warning === undefined ? [] : [expect.stringContaining(warning)],
  )
})

const edn = join(folder, 'jepsen-edn/register-valid.edn')

test.each([
  [
    '--model',
    edn,
    { model: 'kv' },
    'Expected `--model` with gauntlet-history/1 only, got jepsen-edn',
  ],
  [
    '--initial',
    join(folder, 'watch-alone/ordered.jsonl'),
    { initial: { value: 1 } },
    'Expected `--initial` with histories only, got gauntlet-watch/1',
  ],
  ['--format', edn, { format: 'jepsen-json' }, 'register-valid.edn:1: Expected a JSON object, got'],
  [
    '--format',
    edn,
    { format: 'gauntlet-watch/1' },
    'register-valid.edn:1: Expected one JSON object',
  ],
  [
    '--format',
    '/nonexistent.edn',
    { format: 'jepsen-edn' },
    '/nonexistent.edn: Expected a readable file, got no such file',
  ],
] as const)('%s that does not fit the file is one line', async (_, file, options, problem) => {
  const { verdict, reason } = await checkFile(file, { ...options, timeoutS: 10 })
  expect(verdict).toBe('unreadable')
  expect(reason).toContain(problem)
})

test('--initial says what a register of another program held at first', async () => {
  const file = join(folder, 'jepsen-json/failed-cas-seen.json')
  const { verdict } = await checkFile(file, { timeoutS: 10, initial: { value: 1 } })
  expect(verdict).toBe('valid')
})
