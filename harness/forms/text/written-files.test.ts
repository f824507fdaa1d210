import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { etcdCommands } from './etcd-command.ts'

/** Each is run by the bash of this machine, too. */
const path = join(import.meta.dirname, '../../../fixtures/deployments/script-files.json')
const scripts: readonly string[] = JSON.parse(readFileSync(path, 'utf8'))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'written-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each(scripts)('a script writes the files that bash writes: %s', (script) => {
  expect(spawnSync('bash', ['-c', script], { cwd: folder }).status).toBe(0)
  const written = readdirSync(folder).map((name) => [
    name,
    readFileSync(join(folder, name), 'utf8'),
  ])
  const { files } = etcdCommands(script)
  expect(Object.fromEntries(files.map(({ name, text }) => [name, text]))).toEqual(
    Object.fromEntries(written),
  )
})

const read = (script: string) => {
  const { files, notUnderstood } = etcdCommands(script)
  return {
    files: files.map(({ text, lines = [] }) => [text, ...lines]),
    notes: notUnderstood.map(({ setting, line, why, isUnresolved }) =>
      [line, setting, why?.split(':')[0], isUnresolved === true ? 'open' : ''].join(' ').trim(),
    ),
  }
}

test('each line that a script writes has the line of the script', () => {
  const script =
    'N=a\necho A=1 > etcd\n\nw() {\n  cat >> etcd <<EOF\nB=$N\nC=3\nEOF\n}\nw\nsed -i s/1/2/ etcd'
  expect(read(script).files).toEqual([['A=2\nB=a\nC=3\n', 2, 6, 7]])
})

test('what does not follow from the script is said', () => {
  const changed = 'the script changes it in a way that is not followed'
  expect(read("echo A=1 > etcd.env\nsed -i 's/A|B/C/; y/a/b/' etcd.env")).toEqual({
    files: [['A=1\n', 1]],
    notes: [`2 etcd.env ${changed} open`],
  })
  expect(read('sed -i s/a/b/ /etc/etcd.conf /etc/fstab').notes).toEqual([
    '1 /etc/etcd.conf the script changes it, and does not write it',
  ])
  expect(read('envsubst < t > /etc/etcd.conf').notes).toEqual([
    '1 /etc/etcd.conf the script writes it in a way that is not followed',
  ])
  expect(read('echo A=1 >> /etc/etcd.conf').notes).toEqual([
    '1 /etc/etcd.conf the script appends to it, and what stood in it before is not known',
  ])
  expect(read('echo A=1 > etcd\nfor i in 1 2; do echo $i >> etcd; done').notes).toEqual([
    `2 etcd ${changed} open`,
  ])
  expect(read('if a; then\necho 1 > etcd\nelse\necho 2 > etcd\nfi')).toEqual({
    files: [['2\n', 4]],
    notes: ['2 etcd another arm of the script writes it in another way, which is not read'],
  })
})

test('a quoted << begins no here-document', () => {
  expect(read('echo "a << b" > etcd\necho c >> etcd').files).toEqual([['a << b\nc\n', 1, 2]])
})
