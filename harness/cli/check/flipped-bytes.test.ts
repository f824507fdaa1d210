import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'
import { createRandom } from '../../core/random.ts'
import { checkDirectory } from './directory.ts'

const runs = join(import.meta.dirname, '../../../fixtures/runs')
const knownIssue = join(runs, 'known-issue')
const saved = (name: string) => join(runs, 'one-of-each/scenarios/saved', name)

/** So many bytes of each file: the first, the last, and others that the seed draws. */
const flips = 5

function copyOf(directory: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'gauntlet-flip-'))
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }))
  cpSync(directory, copy, { recursive: true })
  return copy
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** How long checkers took is in no verdict. */
function withoutTimes(record: Buffer): string {
  return JSON.stringify(JSON.parse(record.toString()), (field, value) =>
    field === 'judgingMs' ? undefined : value,
  )
}

/** The exit codes of a check with one bit flipped, by file; each has lines that say what is wrong. */
async function checkFlipped(directory: string): Promise<Map<string, Set<number>>> {
  const random = createRandom(7)
  const codes = new Map<string, Set<number>>()
  for (const file of filesIn(directory)) {
    const bytes = readFileSync(file)
    const name = file.slice(directory.length + 1)
    const others = Array.from({ length: flips - 2 }, () => random.int(0, bytes.length - 1))
    for (const at of [0, bytes.length - 1, ...others]) {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << random.int(0, 7)), at)
      writeFileSync(file, flipped)
      const lines: string[] = []
      const code = await checkDirectory(
        directory,
        ({ outcome, reason, differences }) =>
          lines.push(...differences, ...(outcome === 'unreadable' ? [reason] : [])),
        (difference) => lines.push(difference),
      )
      if (lines.length > 0) codes.set(name, (codes.get(name) ?? new Set()).add(code))
      else expect(withoutTimes(flipped), `${name} at ${at}`).toBe(withoutTimes(bytes))
    }
    writeFileSync(file, bytes)
  }
  return codes
}

const isRefused = (code: number) => code === exitCodes.usage || code === exitCodes.broken

test.each([
  ['a run', () => copyOf(knownIssue)],
  ['a scenario', () => copyOf(saved('inconclusive'))],
])('one flipped bit in any file of %s is said, and nothing holds', async (_, copy) => {
  const codes = await checkFlipped(copy())
  expect(codes.size).toBeGreaterThan(6)
  for (const [name, found] of codes) expect([...found].every(isRefused), name).toBe(true)
})

test('one flipped bit of a compressed file is said, whether a verdict was saved or not', async () => {
  for (const removed of [[], ['scenario.json']]) {
    const copy = copyOf(saved('inconclusive'))
    for (const name of ['history.jsonl', 'watch.jsonl']) {
      writeFileSync(join(copy, `${name}.gz`), gzipSync(readFileSync(join(copy, name))))
      rmSync(join(copy, name))
    }
    for (const name of removed) rmSync(join(copy, name))
    const codes = await checkFlipped(copy)
    for (const [name, found] of codes) expect([...found].every(isRefused), name).toBe(true)
  }
})
