import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { packTar, unpackTar } from './tar.ts'

const entries = [
  { path: '/etc/etcd/pki', mode: 0o700 },
  { path: '/etc/etcd/pki/key.pem', content: 'secret\n', mode: 0o600 },
  { path: '/etc/etcd/pki/ca.pem', content: 'x'.repeat(1_024), mode: 0o644 },
]

test('the system tar lists what was packed, with its modes', () => {
  const listing = execFileSync('tar', ['-tvf', '-'], { input: packTar(entries) }).toString()
  const rows = listing.trim().split('\n')
  expect(rows[0]).toMatch(/^drwx------ .* etc\/etcd\/pki\/$/)
  expect(rows[1]).toMatch(/^-rw------- .* 7 .* etc\/etcd\/pki\/key\.pem$/)
  expect(rows[2]).toMatch(/^-rw-r--r-- .* 1024 .* etc\/etcd\/pki\/ca\.pem$/)
})

test('what was packed is unpacked, without the directories', () => {
  const files = unpackTar(packTar(entries))
  expect(files.map(({ path, mode }) => [path, mode])).toEqual([
    ['etc/etcd/pki/key.pem', 0o600],
    ['etc/etcd/pki/ca.pem', 0o644],
  ])
  expect(files[0]?.content.toString()).toBe('secret\n')
})

test('a name longer than a header holds is read from its pax header', () => {
  const name = `${'n'.repeat(150)}.txt`
  const script = `d=$(mktemp -d) && echo long > $d/${name} && tar --format=pax -C $d -cf - ${name}`
  const files = unpackTar(execFileSync('sh', ['-c', script]))
  expect(files.map(({ path, content }) => [path, content.toString()])).toEqual([[name, 'long\n']])
})
