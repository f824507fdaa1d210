import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { etcdCommands } from './etcd-command.ts'

const argumentsOf = (script: string) =>
  etcdCommands(script).commands.map(({ args }) => args.map(({ text }) => text).join(' '))

const path = join(import.meta.dirname, '../../../fixtures/deployments/etcd-commands.json')
const scripts: readonly (readonly [string, string])[] = JSON.parse(readFileSync(path, 'utf8'))

test.each(scripts)(
  'arrays, `set --` and shells within are read as a shell reads them: %s',
  (script, args) => {
    expect(argumentsOf(script)).toEqual([args])
  },
)

test('a here-document for a file or for another program starts nothing, nor does an echo', () => {
  expect(argumentsOf('cat > start.sh <<EOF\netcd --name a\nEOF')).toEqual([])
  expect(argumentsOf('cat <<EOF\netcd --name a\nEOF')).toEqual([])
  expect(argumentsOf('echo etcd --name a\nssh h "echo etcd --name a > note"')).toEqual([])
})

test('a unit that a script writes on another machine stands on its own lines', () => {
  const script = 'ssh h <<EOF\ncat > etcd.service <<UNIT\nExecStart=etcd --name a\nUNIT\nEOF\n'
  const [file] = etcdCommands(script).files
  expect(file?.name).toBe('etcd.service')
  expect(file?.text).toBe('ExecStart=etcd --name a\n')
  expect(file?.lines).toEqual([3])
})
