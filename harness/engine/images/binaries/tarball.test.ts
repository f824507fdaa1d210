import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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
  ...{ path: `${name}/${file}`, content: `the ${file}`, mode: 0o644 },
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
