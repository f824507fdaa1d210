import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatJsonLine } from '../format/json-line.ts'
import { checkFile } from './file.ts'
import { formatVerdict } from './format-verdict.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const line = (fields: object) => `${JSON.stringify({ process: 0, timeNs: 1, ...fields })}\n`
const header = (fields: object) =>
  `${JSON.stringify({ format: 'gauntlet-history/1', model: 'kv', ...fields })}\n`

function save(name: string, ...lines: string[]): string {
  const file = join(folder, name)
  writeFileSync(file, lines.join(''))
  return file
}

const wrong = (text: string) => [
  line({ type: 'invoke', f: 'put', key: 'a', value: 'x' }),
  line({ type: 'ok', f: 'put' }),
  line({ type: 'invoke', f: 'get', key: 'a', member: 'm2' }),
  line({ type: 'ok', f: 'get', value: text }),
]

test('a violation shows the operation that could not be placed, by its line, and those placed before', async () => {
  const verdict = await checkFile(save('wrong.jsonl', header({}), ...wrong('y')), { timeoutS: 5 })
  expect(formatVerdict(verdict).split('\n').slice(1)).toEqual([
    '    partition: a',
    '    could not be placed: line 4: process 0 get a at m2 → ok {"value":"y"}',
    '    placed before it: 1 operation',
    '        line 2: process 0 put a "x" → ok',
  ])
  expect(JSON.parse(formatJsonLine(verdict))).toMatchObject({
    verdict: 'invalid',
    culprit: { line: 4, invoke: { f: 'get', key: 'a' }, completion: { value: 'y' } },
    placed: [{ line: 2 }],
    evidence: { partition: 'a', culprit: 2, prefix: [0] },
  })
})

test('no value breaks a line or reaches the terminal as a control character', async () => {
  const text = 'y\n\u2028\u001B[31m\u009B\u202E'
  const verdict = await checkFile(save('raw.jsonl', header({}), ...wrong(text)), { timeoutS: 5 })
  for (const hidden of ['\u2028', '\u001B', '\u009B', '\u202E']) {
    expect(formatVerdict(verdict)).not.toContain(hidden)
  }
  const encoded = formatJsonLine(verdict)
  expect(encoded).not.toMatch(/[\n\u2028\u009B\u202E]/)
  expect(JSON.parse(encoded).culprit.completion.value).toBe(text)
})

test('an oddity of a file is a warning and changes no verdict', async () => {
  const cut = line({ type: 'ok', f: 'get', value: 'x' }).slice(0, -5)
  const file = save('cut.jsonl', header({}), ...wrong('x').slice(0, 3), cut)
  const verdict = await checkFile(file, { timeoutS: 5 })
  expect(verdict).toMatchObject({ verdict: 'valid', operations: 2 })
  expect(verdict.warnings).toEqual([`${file}:5: the last line is incomplete and was left out`])
})

test('a file whose initial value the model cannot hold is unreadable, with its name', async () => {
  const file = save('initial.jsonl', header({ initial: 5 }), ...wrong('x'))
  const verdict = await checkFile(file, { timeoutS: 5 })
  expect(verdict.verdict).toBe('unreadable')
  expect(verdict.reason).toMatch(
    /initial\.jsonl: Expected `initial` of a kv history to be a string, got 5/,
  )
  const asked = await checkFile(file, { timeoutS: 5, initial: { value: null } })
  expect(asked.verdict).toBe('valid')
})
