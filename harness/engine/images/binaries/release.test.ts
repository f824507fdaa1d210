import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { InputError } from '../../../core/errors.ts'
import { elfFile } from '../testing/elf-file.ts'
import { expectTools, readRelease, releaseHash } from './release.ts'

const tool = elfFile('amd64')
const whole = { etcd: tool, etcdctl: tool, etcdutl: tool }

function directoryWith(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-release-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  return directory
}

test('a directory with all three programs is a release, and other files in it are no part of it', () => {
  const { programs } = readRelease(directoryWith({ ...whole, 'README.md': 'x' }), 'amd64')
  expect(programs.map(({ name }) => name)).toEqual(['etcd', 'etcdctl', 'etcdutl'])
})

test.each([
  ['without etcdctl', { etcd: tool }, /^Expected etcdctl in \S+, got none$/],
  ['for arm64', { ...whole, etcd: elfFile('arm64') }, /etcd in \S+ to be for amd64, .* for arm64$/],
  ['for another machine', { ...whole, etcd: elfFile('riscv') }, /amd64, got one for another/],
  ['that is a script', { ...whole, etcd: '#!/bin/sh\n' }, /to be a program for Linux, got another/],
  ['that is empty', { ...whole, etcdutl: '' }, /etcdutl in \S+ to be a program for Linux/],
  ['cut short', { ...whole, etcd: tool.subarray(0, 70) }, /to be a program for Linux/],
  [
    'linked to libraries',
    { ...whole, etcd: elfFile('amd64', { needsLoader: true }) },
    /to need no shared library, got one that does: build it with CGO_ENABLED=0, or link it statically$/,
  ],
])('a release %s is an input error of one line', (_, files, message) => {
  const directory = directoryWith(files)
  const read = () => readRelease(directory, 'amd64')
  expect(read).toThrow(InputError)
  expect(read).toThrow(message)
})

test('a directory that is not there is an input error', () => {
  expect(() => readRelease('/nonexistent', 'amd64')).toThrow(/directory .* got \/nonexistent/)
})

test('a release needs etcdutl from the version on that restores with it', () => {
  const release = readRelease(directoryWith({ etcd: tool, etcdctl: tool }), 'amd64')
  expect(() => expectTools(release, '3.4.45')).not.toThrow()
  expect(() => expectTools(release, '3.5.0')).toThrow(/Expected etcdutl of etcd 3\.5\.0 in/)
})

test('the hash of a release follows what its programs contain, not where they lie', async () => {
  const hashOf = (files: typeof whole) => releaseHash(readRelease(directoryWith(files), 'amd64'))
  const other = Buffer.concat([tool, Buffer.from('x')])
  expect(await hashOf(whole)).toBe(await hashOf(whole))
  expect(await hashOf({ ...whole, etcdutl: other })).not.toBe(await hashOf(whole))
  expect(await hashOf({ ...whole, etcdutl: other })).not.toBe(
    await hashOf({ ...whole, etcdctl: other }),
  )
})
