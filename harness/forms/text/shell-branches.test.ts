import { expect, test } from 'vitest'
import { etcdCommands } from './etcd-command.ts'
import { areAlternatives } from './shell-branches.ts'

const read = (script: string) =>
  etcdCommands(script).commands.map(({ args }) => args.map(({ text }) => text).join(' '))

test('an arm of an if does not see what another one set', () => {
  const script = [
    'A=before; B=none; C=none',
    'if [ -f x ]; then',
    '  A=then; B=then',
    '  etcd --name=$A-$B',
    'elif [ -f y ]; then',
    '  C=elif',
    '  etcd --name=$A-$B',
    'else',
    '  A=else',
    '  etcd --name=$A-$C',
    'fi',
    'etcd --name=$A-$B-$C',
  ]
  expect(read(script.join('\n'))).toEqual([
    '--name=then-then',
    '--name=before-none',
    '--name=else-none',
    '--name=else-then-elif',
  ])
})

test('what an if without an else sets holds behind it, also within another if', () => {
  const script = 'if a; then\nif b; then\nA=1\nelse\nA=2\nfi\nfi\netcd --name=$A'
  expect(read(script)).toEqual(['--name=2'])
})

test('commands in two arms are alternatives, and those one behind the other are not', () => {
  const { commands } = etcdCommands(
    'if a; then\netcd\nif b; then\netcd\nelse\netcd\nfi\nelse\netcd\nfi\netcd',
  )
  const [first, second, third, fourth, last] = commands.map(({ branches = [] }) => branches)
  const are = (one = first, other = first) => areAlternatives(one ?? [], other ?? [])
  expect([are(first, second), are(second, third), are(first, fourth), are(third, fourth)]).toEqual([
    false,
    true,
    true,
    true,
  ])
  expect(are(second, last)).toBe(false)
})

test('a script of ten thousand ifs, one within another or one after another, takes no long time', () => {
  const each = (make: (at: number) => string) => Array.from({ length: 10_000 }, (_, at) => make(at))
  const after = each((at) => `if a; then\nA${at}=1\nelse\nA${at}=2\nfi\n`)
  const within = [...each((at) => `if a; then\nA${at}=1\n`), ...each(() => 'fi\n')]
  const begunMs = performance.now()
  expect(read(`${after.join('')}etcd --name=$A9999`)).toEqual(['--name=2'])
  expect(read(`${within.join('')}etcd --name=$A9999`)).toEqual(['--name=1'])
  expect(performance.now() - begunMs).toBeLessThan(5_000)
})
