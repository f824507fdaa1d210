import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'
import { checkFile } from './file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-unusual-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const edn = (read: string) => `{:type :invoke, :process 0, :f :write, :value 7}
{:type :ok, :process 0, :f :write, :value 7}
{:type :invoke, :process 0, :f :read, :value nil}
{:type :ok, :process 0, :f :read, :value ${read}}
`
const json = (value: string) =>
  `[{"type":"invoke","process":0,"f":"write","value":${value},"time":1}]`
const own = `{"format":"gauntlet-history/1","model":"cas-register"}
{"type":"invoke","process":0,"f":"write","value":1,"timeNs":1}
{"type":"ok","process":0,"f":"write","timeNs":2}
`

async function check(content: string | Buffer, name = 'history', timeoutS = 60) {
  const file = join(folder, name)
  writeFileSync(file, content)
  const { verdict, reason = '' } = await checkFile(file, { timeoutS })
  expect(reason).not.toContain('\n')
  return { verdict, reason: reason.replace(`${file}`, '') }
}

test.each([
  ['a mark of byte order', `\uFEFF${edn('7')}`],
  ['the line ends of Windows', edn('7').replaceAll('\n', '\r\n')],
  ['the line ends of an old Macintosh', edn('7').replaceAll('\n', '\r')],
  ['gzip, whatever its name', gzipSync(edn('7'))],
  ['empty lines around', `\n\n${edn('7')}\n\n`],
  ['records', edn('7').replaceAll('{', '#jepsen.history.Op{')],
  ['tagged literals', edn('#uuid "f8"').replaceAll(' 7}', ' #uuid "f8"}')],
])('a history with %s has the verdict of the same without', async (_, content) => {
  expect(await check(content)).toMatchObject({ verdict: 'valid' })
})

test('a compressed history has its verdict, another program’s and ours', async () => {
  expect(await check(gzipSync(edn('8')), 'history.edn.gz')).toMatchObject({ verdict: 'invalid' })
  expect(await check(gzipSync(own), 'history.jsonl.gz')).toMatchObject({ verdict: 'valid' })
})

const wanted = ': Expected a history in one of the formats of `gauntlet check --help`, got '

test.each([
  ['UTF-16 with its mark', Buffer.from(`\uFEFF${edn('7')}`, 'utf16le'), 'text in UTF-16 or UTF-32'],
  ['UTF-16 without', Buffer.from(edn('7'), 'utf16le'), 'text in UTF-16 or UTF-32'],
  ['a zip archive', Buffer.from('PK\x03\x04\x00\x01', 'latin1'), 'an archive (zip, xz'],
  ["Jepsen's binary file", Buffer.from('JEPSEN\0\0\x01', 'latin1'), "Jepsen's test.jepsen"],
  ['other bytes', Buffer.from([0xca, 0xfe, 0, 1, 2, 3, 0, 9]), 'a binary file'],
  ['white space', ' \n\n', 'an empty file'],
  ['an array without objects', '[1, 2]', 'text that begins with `[1, 2]`'],
])('%s is named in one line', async (_, content, found) => {
  const { verdict, reason } = await check(content)
  expect({ verdict, reason: reason.slice(0, wanted.length + found.length) }).toEqual({
    verdict: 'unreadable',
    reason: wanted + found,
  })
})

const deep = (times: number) => '['.repeat(times) + ']'.repeat(times)
const tooDeep = 'Expected values nested at most 100 deep, got deeper ones'

test.each([
  ['EDN', edn('7').replace('7', deep(50_000)), `:1: ${tooDeep}`],
  ['what EDN discards', edn('7').replace('7', '#_ '.repeat(50_000)), `:1: ${tooDeep}`],
  ['JSON', json(deep(50_000)), `:1: element 0: ${tooDeep}`],
  [
    'Porcupine’s JSON',
    `[{"Call":1,"Return":2,"Input":{"op":"put","value":${deep(50_000)}}}]`,
    `:1: element 0: ${tooDeep}`,
  ],
])('values of %s that are nested without end are refused with their line', async (_, ...given) => {
  const [content, reason] = given
  expect(await check(content)).toEqual({ verdict: 'unreadable', reason })
})

test('what is quoted of a file is cut', async () => {
  const long = 'x'.repeat(1_000_000)
  const asked = `{:type :invoke, :process 0, :f :write, :value "${long}"}`
  const other = await check(`${asked}\n{:type :ok, :process 0, :f :write, :value 1}`)
  expect(other).toEqual({
    verdict: 'unreadable',
    reason: expect.stringMatching(/^:2: Expected the completion .{1,100}…, got 1$/),
  })
  const named = `{:type :invoke, :process 0, :f :${long}, :value 1}`
  expect((await check(named)).reason.length).toBeLessThan(200)
})

/** A reader that looks again at what follows each space takes minutes, instead of a tenth of a second. */
test('white space of any length is read once', async () => {
  expect(await check('\n'.repeat(2 ** 20))).toMatchObject({ verdict: 'unreadable' })
}, 30_000)

/** Each step of a reader that looks at the whole file again makes minutes of the second that this takes. */
test('many operations, without times and in one line, are read in the time that they need', async () => {
  const pairs = Array.from({ length: 60_000 }, (_, index) => {
    const fields = `:process ${index % 10}, :f :write, :value ${index}`
    return `{:type :invoke, ${fields}} {:type :ok, ${fields}}`
  })
  expect(await check(`[${pairs.join(' ')}]`, 'history.edn', 60)).toMatchObject({
    verdict: 'valid',
  })
}, 60_000)

const main = join(import.meta.dirname, '../main.ts')
const run = (path: string) => execa(process.execPath, [main, 'check', path], { reject: false })

test("of a directory of Jepsen's store the history is judged", async () => {
  writeFileSync(join(folder, 'history.edn'), edn('8'))
  writeFileSync(join(folder, 'results.edn'), '{:valid? false}')
  const { stdout, exitCode } = await run(folder)
  expect(exitCode).toBe(exitCodes.broken)
  expect(stdout).toContain(`invalid     ${join(folder, 'history.edn')} (2 operations`)
})

test('a link that leads to itself, and an empty directory, are one line each', async () => {
  const loop = join(folder, 'loop')
  symlinkSync('loop', loop)
  const looped = await run(loop)
  expect(looped.exitCode).toBe(exitCodes.usage)
  expect(looped.stdout).toBe(
    `unreadable  ${loop}: Expected a readable file, got a link that leads to itself`,
  )
  mkdirSync(join(folder, 'empty'))
  const empty = await run(join(folder, 'empty'))
  expect(empty.exitCode).toBe(exitCodes.usage)
  expect(`${empty.stdout}${empty.stderr}`).not.toContain('\n')
})
