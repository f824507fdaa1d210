import { expect, test } from 'vitest'
import { mirrorOf } from './mirror.ts'

const vendor = {
  name: 'vendor.list',
  text: 'deb [signed-by=/k.gpg] https://vendor.invalid bookworm main\n',
}

test("the distribution's own source is the mirror, not a vendor's for the same suite", () => {
  const own = {
    name: 'debian.sources',
    text: `# a note
Types: deb deb-src
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main
`,
  }
  expect(mirrorOf([vendor, own], 'bookworm')).toBe('http://mirror.invalid/debian')
})

test('one-line sources are read, with their options and comments', () => {
  const text = `# deb http://old.invalid/debian bookworm main
deb-src http://sources.invalid/debian bookworm main
deb [arch=amd64 signed-by=/x] http://mirror.invalid/debian bookworm main contrib # near
`
  expect(mirrorOf([{ name: 'sources.list', text }], 'bookworm')).toBe(
    'http://mirror.invalid/debian',
  )
})

test('a disabled source, an update suite and another distribution give no mirror', () => {
  const disabled = `Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm
Components: main
Enabled: no
`
  const updates = 'deb http://mirror.invalid/debian bookworm-updates main\n'
  const files = [
    { name: 'debian.sources', text: disabled },
    { name: 'sources.list', text: updates },
  ]
  expect(mirrorOf(files, 'bookworm')).toBeUndefined()
  const ubuntu = { name: 'sources.list', text: 'deb http://mirror.invalid/ubuntu jammy main\n' }
  expect(mirrorOf([ubuntu], 'jammy')).toBeUndefined()
})
