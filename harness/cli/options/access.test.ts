import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pki } from '../../verify/testing/healthy-view.ts'
import { parseUser, placesOf, readCredentials } from './access.ts'

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-verify-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const cacert = file('ca.pem', pki.caPem)
const cert = file('client.pem', pki.client.certPem)
const key = file('client-key.pem', pki.client.keyPem)

test('endpoints are URLs, or hosts and ports as etcdctl takes them', () => {
  const urls = (endpoints: string, ca?: string) =>
    placesOf({ endpoints, ...(ca !== undefined && { cacert: ca }) }).map(({ url }) => url)
  expect(urls('http://10.0.0.1:2379, 10.0.0.2:2379,10.0.0.2:2379/')).toEqual([
    'http://10.0.0.1:2379',
    'http://10.0.0.2:2379',
  ])
  expect(urls('10.0.0.1:2379,https://[::1]:2379', cacert)).toEqual([
    'https://10.0.0.1:2379',
    'https://[::1]:2379',
  ])
})

test.each([
  [{ endpoints: '' }, /`--endpoints` to be URLs such as .*, got ``/],
  [{ endpoints: '10.0.0.1' }, /to be URLs .*, got `10\.0\.0\.1`/],
  [{ endpoints: 'ftp://10.0.0.1' }, /to be URLs .*, got `ftp:\/\/10\.0\.0\.1`/],
  [{ endpoints: 'http://a:1/path' }, /to be URLs .*, got `http:\/\/a:1\/path`/],
  [{ endpoints: 'https://10.0.0.1:2379' }, /Expected `--cacert` for https:\/\/10\.0\.0\.1:2379/],
  [{ endpoints: 'a:1,b:2', httpEndpoints: 'a:3' }, /one for each of 2 endpoints, got 1/],
  [{ endpoints: Array.from({ length: 40 }, (_, n) => `a:${n + 1}`).join() }, /at most 32, got 40/],
])('%j are rejected', (options, message) => {
  expect(() => placesOf(options)).toThrow(message)
})

test.each([
  [{ cert, key }, /Expected `--cacert` beside/],
  [{ cacert, cert }, /`--cert` and `--key` together/],
  [{ cacert: join(directory, 'none.pem') }, /`--cacert` to be PEM at .*none\.pem, got: ENOENT/],
  [{ cacert: key }, /`--cacert` to be PEM at .*client-key\.pem, got/],
  [{ cacert, cert, key: file('other-key.pem', pki.members.m1?.peer.keyPem ?? '') }, /got another/],
])('credentials %# that cannot work are rejected before any request', (options, message) => {
  expect(() => readCredentials(options)).toThrow(message)
})

test('credentials that belong together are read', () => {
  expect(readCredentials({ cacert, cert, key })).toMatchObject({ caPem: pki.caPem })
  expect(readCredentials({})).toBeUndefined()
})

test('a password may hold colons, and no error shows it', () => {
  expect(parseUser('root:a:b')).toEqual({ name: 'root', password: 'a:b' })
  expect(() => parseUser('secret')).toThrow(/name:password, got a text without a colon/)
})
