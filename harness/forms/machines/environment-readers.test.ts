import { expect, test } from 'vitest'
import { readDeployment } from '../deployment/deployment.ts'
import { readEnvironmentAs } from './environment-readers.ts'

const text = [
  'ETCD_NAME="m 1" # c',
  'export ETCD_CORS=a"b"',
  '; ETCD_MAX_WALS=3',
  'ETCD_LOG_LEVEL=$L',
].join('\n')

const read = (reader: 'systemd' | 'compose' | 'runtime' | 'shell', kind?: 'defaults') => {
  const { members, problems } = readEnvironmentAs(
    { reader, kind: kind ?? 'environment' },
    reader === 'systemd' ? text : text.replace(/^;.*\n/m, ''),
    new Map([['L', 'warn']]),
  )
  const settings = members.flatMap((member) => member.settings)
  return [settings.map(({ name, value }) => `${name}=${value}`), problems.map(({ line }) => line)]
}

test('who reads a file of variables decides what it says', () => {
  expect(read('systemd')).toEqual([['name=m 1# c', 'log-level=$L'], [2]])
  expect(read('compose')).toEqual([['name=m 1', 'cors=a"b"', 'log-level=warn'], []])
  expect(read('runtime')).toEqual([['name="m 1" # c', 'log-level=$L'], [2]])
  expect(read('shell')).toEqual([['name=m 1', 'cors=ab', 'log-level=warn'], []])
})

test('of a file that a shell takes in, etcd gets what it exports', () => {
  expect(read('shell', 'defaults')).toEqual([['cors=ab'], []])
})

test('one file is another thing to the unit and to the script that read it', () => {
  const file = { path: 'etcd.env', text: 'ETCD_CORS=a"b"\nARGS="--max-wals=7"\n' }
  const corsOf = (path: string, whole: string) =>
    readDeployment([{ path, text: whole }, file]).members[0].settings.map(
      ({ name, value, line }) => `${line} ${name}=${value}`,
    )
  const unit = '[Service]\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/bin/etcd $ARGS\n'
  expect(corsOf('etcd.service', unit)).toEqual(['1 cors=a"b"', '3 max-wals=7'])
  const script = '#!/bin/sh\nset -a\n. ./etcd.env\nexec etcd $ARGS\n'
  expect(corsOf('start.sh', script)).toEqual(['1 cors=ab', '4 max-wals=7'])
})

test('a value is judged once its file is known', () => {
  const unit =
    '[Service]\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/bin/etcd --max-wals=$' + '{N}\n'
  const files = [
    { path: 'etcd.service', text: unit },
    { path: 'etcd.env', text: 'N=many\n' },
  ]
  expect(() => readDeployment(files)).toThrow(
    'etcd.service:3: expected a whole number for max-wals, found many',
  )
})

test('a file that exports is a shell’s', () => {
  const exported = 'export ETCD_NAME=m1\nexport ETCD_CORS="a $ETCD_NAME"\n'
  const [{ settings }] = readDeployment([{ path: 'a.env', text: exported }]).members
  expect(settings.map(({ name, value }) => `${name}=${value}`)).toEqual(['name=m1', 'cors=a m1'])
})
