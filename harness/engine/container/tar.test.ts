import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { packTar, readFirstFile, unpackTar } from './tar.ts'

const entries = [
  { path: '/etc/etcd/pki', mode: 0o700 },
  { path: '/etc/etcd/pki/key.pem', content: 'secret\n', mode: 0o600 },
  { path: '/etc/etcd/pki/ca.pem', content: 'x'.repeat(1_024), mode: 0o644 },
]

test('the system tar lists what was packed, with its modes and owned by root', async () => {
  const input = await packTar(entries)
  const listing = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input }).toString()
  const rows = listing.trim().split('\n')
  expect(rows[0]).toMatch(/^drwx------ 0\/0 .* etc\/etcd\/pki\/$/)
  expect(rows[1]).toMatch(/^-rw------- .* 7 .* etc\/etcd\/pki\/key\.pem$/)
  expect(rows[2]).toMatch(/^-rw-r--r-- .* 1024 .* etc\/etcd\/pki\/ca\.pem$/)
})

test('packed files are unpacked with their modes, without the directories', async () => {
  const files = await unpackTar(Readable.from([await packTar(entries)]))
  expect(files.map(({ path, mode }) => [path, mode])).toEqual([
    ['etc/etcd/pki/key.pem', 0o600],
    ['etc/etcd/pki/ca.pem', 0o644],
  ])
  expect(files[0]?.content.toString()).toBe('secret\n')
})

test('a path longer than a header holds is packed whole', async () => {
  const path = `/etc/${'p'.repeat(120)}/${'q'.repeat(120)}`
  const archive = await packTar([{ path, content: 'far', mode: 0o644 }])
  const [file] = await unpackTar(Readable.from([archive]))
  expect(file?.path).toBe(path.slice(1))
})

test('an archive that is cut short is an error, not fewer files', async () => {
  const archive = await packTar(entries)
  await expect(unpackTar(Readable.from([archive.subarray(0, 1_500)]))).rejects.toThrow()
})

test('an archive whose stream fails rejects', async () => {
  const archive = await packTar(entries)
  const stream = new Readable({
    read() {
      this.push(archive.subarray(0, 600))
      this.destroy(new Error('the engine hung up'))
    },
  })
  await expect(unpackTar(stream)).rejects.toThrow()
})

test('a name longer than a header holds is read from its pax header', async () => {
  const name = `${'n'.repeat(150)}.txt`
  const script = `d=$(mktemp -d) && echo long > $d/${name} && tar --format=pax -C $d -cf - ${name}`
  const files = await unpackTar(Readable.from([execFileSync('sh', ['-c', script])]))
  expect(files.map(({ path, content }) => [path, content.toString()])).toEqual([[name, 'long\n']])
})

test('the first file of an archive is read as far as its reader wants', async () => {
  const content = 'a'.repeat(2_000_000)
  const [directory, file] = [
    { path: '/wal', mode: 0o700 },
    { path: '/wal/0.wal', content, mode: 0o600 },
  ]
  const archive = await packTar([directory, file])
  let taken = 0
  const pieces = function* () {
    for (let at = 0; at < archive.length; at += 1_000) {
      taken += 1
      yield archive.subarray(at, at + 1_000)
    }
  }
  const first = await readFirstFile(Readable.from(pieces()), async (bytes) => {
    for await (const piece of bytes) return Buffer.from(piece).toString()
    return ''
  })
  expect(first).toMatch(/^a+$/)
  expect(taken).toBeLessThan(200)
  const length = await readFirstFile(Readable.from(pieces()), async (bytes) => {
    let sum = 0
    for await (const piece of bytes) sum += piece.length
    return sum
  })
  expect(length).toBe(content.length)
})

test('an archive without a file is an error', async () => {
  const archive = await packTar([{ path: '/wal', mode: 0o700 }])
  await expect(readFirstFile(Readable.from([archive]), async () => 1)).rejects.toThrow(
    /no.*file|file/,
  )
})
