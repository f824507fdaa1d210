import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dockerFolder, loadCatalogue } from './catalogue.ts'

function saveDamaged(search: string, replacement: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-catalogue-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'catalogue.json')
  const text = readFileSync(join(dockerFolder(), 'catalogue.json'), 'utf8')
  expect(text).toContain(search)
  writeFileSync(file, text.replace(search, replacement))
  return file
}

test('the default version is one of the catalogue', () => {
  const catalogue = loadCatalogue()
  expect(catalogue.versions.map(({ version }) => version)).toContain(catalogue.default)
})

test.each([
  [
    'an unknown kind of source',
    '"debian"',
    '"docker"',
    /`versions\[0\]\.source\.kind` in .* "docker"/,
  ],
  [
    'an unknown architecture',
    '"arm64"',
    '"arm"',
    /`versions\[0\]\.architectures\[1\]` .* amd64, arm64/,
  ],
  ['no default version', '"default"', '"deflaut"', /`default` in .* to be a string, got nothing/],
  ['another format', 'catalogue/1', 'catalogue/2', /`format` .* written by another version/],
  ['text that is not JSON', '{', '', /Expected .*catalogue\.json to be JSON, got: /],
])('a catalogue with %s is refused in one clear line', (_, search, replacement, message) => {
  const file = saveDamaged(search, replacement)
  expect(() => loadCatalogue(file)).toThrow(message)
})
