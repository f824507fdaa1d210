import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shellWords } from './shell.ts'

const variables = new Map([
  ['V', 'value.one'],
  ['L', 'one two'],
  ['E', ''],
])

/** Each is read by the bash of this machine, too. */
const path = join(import.meta.dirname, '../../../fixtures/deployments/shell-words.json')
const lines: readonly string[] = JSON.parse(readFileSync(path, 'utf8'))

test('words are those of bash', () => {
  const assigned = [...variables].map(([name, value]) => `${name}='${value}'`).join('; ')
  const script = lines
    .map((line) => `(set -f; ${assigned}; printf '%s\\0' ${line}\n); printf '\\1'`)
    .join('\n')
  const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  expect(status).toBe(0)
  const read = stdout.split('\u0001').slice(0, -1)
  const ofBash = read.map((words) => words.split('\0').slice(0, -1))
  const known = new Map([...variables, ['N', 'set']])
  expect(lines.map((line) => shellWords(line, known))).toEqual(ofBash)
})

test('what only the machine knows is marked, and stays one word', () => {
  const known = new Map([['IP', '\u{10fffc}$(hostname -i)']])
  const words = shellWords('--url=http://$IP:1 $NOBODY', known)
  expect(words.map((word) => word.replaceAll('\u{10fffc}', '?'))).toEqual([
    '--url=http://?$(hostname -i):1',
    `?$${'{NOBODY}'}`,
  ])
})

test('a value of which parts are not known is as many words as it has spaces outside of them', () => {
  const mark = '\u{10fffc}'
  const value = `etcd --name=${mark}$(hostname -s) ${mark}\`echo a b\` --cors=${mark}${'$'}{A b}x  -v`
  expect(shellWords('exec $CMD "$CMD"', new Map([['CMD', value]]))).toEqual([
    'exec',
    'etcd',
    `--name=${mark}$(hostname -s)`,
    `${mark}\`echo a b\``,
    `--cors=${mark}${'$'}{A b}x`,
    '-v',
    value,
  ])
})
