import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { silentLog } from '../../../core/log.ts'
import { packTar } from '../../container/tar.ts'
import { expectTarball, unpackTarball } from './tarball.ts'

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-tarball-'))
beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const name = 'etcd-v3.5.16-linux-amd64'
const entries = ['etcd', 'etcdctl', 'README.md'].map((file) => ({
  path: `${name}/${file}`,
  content: `the ${file}`,
  mode: 0o644,
}))
const bytes = gzipSync(await packTar(entries))
const sha256 = createHash('sha256').update(bytes).digest('hex')

function save(file: string, content: Uint8Array): string {
  writeFileSync(join(folder, file), content)
  return join(folder, file)
}

test('an archive gives its programs, whatever folder they are in, and nothing else', async () => {
  const directory = await unpackTarball({ from: save('release.tar.gz', bytes) }, silentLog)
  expect(readdirSync(directory).sort()).toEqual(['etcd', 'etcdctl'])
  expect(readFileSync(join(directory, 'etcd'), 'utf8')).toBe('the etcd')
})

test('an archive with another checksum is an input error', async () => {
  const from = save('other.tar.gz', gzipSync('other'))
  await expect(unpackTarball({ from, sha256: '0'.repeat(64) }, silentLog)).rejects.toThrow(
    /^Expected the SHA-256 of \S+other\.tar\.gz to be 0{64}, got [0-9a-f]{64}$/,
  )
})

test('an archive that was unpacked before gives the same directory, which stays as it is', async () => {
  const from = save('release.tar.gz', bytes)
  const directory = await unpackTarball({ from }, silentLog)
  const { ino } = statSync(directory)
  expect(await unpackTarball({ from }, silentLog)).toBe(directory)
  expect(statSync(directory).ino).toBe(ino)
})

test('an archive with two programs of one name is an input error', async () => {
  const others = entries.map((entry) => ({ ...entry, path: `other/${entry.path}` }))
  const from = save('two.tar.gz', gzipSync(await packTar([...entries, ...others])))
  await expect(unpackTarball({ from }, silentLog)).rejects.toThrow(/got: two files named etcd$/)
})

test('paths that lead out of the archive, links and devices write nothing outside', async () => {
  const archive = pack()
  archive.entry({ name: '../../../etcd' }, 'outside')
  archive.entry({ name: 'etcdctl', type: 'symlink', linkname: '/etc/passwd' })
  archive.entry({ name: 'etcdutl', type: 'character-device', devmajor: 1, devminor: 5 })
  archive.finalize()
  const from = save('odd.tar.gz', gzipSync(await buffer(archive)))
  const directory = await unpackTarball({ from }, silentLog)
  expect(readdirSync(directory)).toEqual(['etcd'])
  expect(dirname(dirname(directory))).toBe(join(folder, 'cache', 'etcd-gauntlet'))
})

test('an archive that unpacks to more than any release is an input error', async () => {
  const from = save('zeros.tar.gz', gzipSync(Buffer.alloc(2 ** 20)))
  await expect(unpackTarball({ from }, silentLog, 2 ** 16)).rejects.toThrow(
    /to be a gzipped tar archive, got: more than 65536 bytes$/,
  )
})

test('a body without an end is an error', async () => {
  const server = createServer((_, response) => {
    Readable.from(repeat(bytes)).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(
      unpackTarball({ from, sha256: '1'.repeat(64) }, silentLog, 2 ** 16),
    ).rejects.toThrow(/archive at .*, got: more than 65536 bytes$/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

function* repeat(bytes: Uint8Array): Generator<Uint8Array> {
  while (true) yield bytes
}

test.each([
  ['is not gzipped', Buffer.from('etcd')],
  ['is cut short', bytes.subarray(0, bytes.length - 20)],
])('an archive that %s is an input error', async (_, content) => {
  const from = save('damaged.tar.gz', content)
  await expect(unpackTarball({ from }, silentLog)).rejects.toThrow(/to be a gzipped tar archive/)
})

test('an archive at a URL is fetched once, and a page that is not there is an error', async () => {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    if (request.url === '/release.tar.gz') response.end(bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  rmSync(join(folder, 'cache'), { recursive: true, force: true })
  try {
    const tarball = { from: `${origin}/release.tar.gz`, sha256 }
    const directory = await unpackTarball(tarball, silentLog)
    expect(await unpackTarball(tarball, silentLog)).toBe(directory)
    expect(requests).toBe(1)
    const missing = { from: `${origin}/missing.tar.gz`, sha256: '0'.repeat(64) }
    await expect(unpackTarball(missing, silentLog)).rejects.toThrow(/archive at .*: status 404$/)
  } finally {
    server.close()
  }
})

test('a URL needs a checksum, a path must be a file, and a checksum has 64 digits', () => {
  const url = { from: 'https://example.invalid/etcd.tar.gz' }
  expect(() => expectTarball(url)).toThrow(/Expected `--sha256` beside the URL/)
  expect(() => expectTarball({ ...url, sha256 })).not.toThrow()
  expect(() => expectTarball({ ...url, sha256: 'abc' })).toThrow(/64 hexadecimal digits, got `abc`/)
  expect(() => expectTarball({ from: folder })).toThrow(/to be a file or a URL/)
})
