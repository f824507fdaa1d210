import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueCluster } from '../../pki/authority.ts'
import { memberFiles } from '../../pki/layout.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { specOf } from '../options/cluster-spec.ts'
import { readPki } from './read-pki.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-pki-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const asked = { version: '3.5.16', architecture: 'amd64' } as const
const options = { from: [], flag: [] }

test('a cluster gets the shapes of the certificates in a directory, in which keys stay unread', async () => {
  const spec = sampleSpec({ tls: { key: 'ecdsa-p256' } })
  const pki = await issueCluster(spec, { m1: '10.1.0.2', m2: '10.1.0.3', m3: '10.1.0.4' })
  for (const { path, content } of memberFiles(pki, { member: 'm1', layout: 'cfssl' })) {
    const file = join(directory, basename(path))
    // A directory cannot be read as a file, not even by root.
    if (path.includes('-key')) mkdirSync(file)
    else writeFileSync(file, content)
  }
  const { certificates } = specOf('three-mtls', { ...options, pki: directory }, asked).tls
  expect(Object.keys(certificates ?? {})).toEqual(['ca', 'server', 'peer', 'client'])
  expect(certificates?.server).toMatchObject({ key: 'ecdsa-p256', clientAuth: false, subject: {} })
})

test('a directory without certificates, or none, is one line', () => {
  const missing = join(directory, 'no')
  expect(() => readPki(directory)).toThrow(
    `Expected \`--pki\` to be a directory with certificates (.pem, .crt), got none in ${directory}`,
  )
  expect(() => readPki(missing)).toThrow(/readable certificates, got ENOENT/)
  expect(() => specOf('one-no-tls', { ...options, pki: directory }, asked)).toThrow(
    'Expected TLS beside `--pki`, got a cluster without',
  )
})
