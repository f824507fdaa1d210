import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { compareVersions, isAffected, seriesOf } from './version.ts'

test('versions compare by number, and a pre-release is older than its release', () => {
  const ascending = [
    '3.4.9',
    '3.4.23',
    '3.5.0',
    '3.6.0-alpha.0',
    '3.6.0-rc.2',
    '3.6.0-rc.10',
    '3.6.0',
  ]
  for (const [index, version] of ascending.entries()) {
    for (const [other, against] of ascending.entries()) {
      expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other))
    }
  }
})

test('a packager’s suffix changes nothing', () => {
  for (const version of ['3.5.30-k3s1', '3.5.30+dfsg', '3.5.30+dfsg-2']) {
    expect(compareVersions(version, '3.5.30')).toBe(0)
    expect(seriesOf(version)).toBe('3.5')
  }
})

test('a text that is no version is an input error', () => {
  for (const text of ['v3.5.16', '3.5', '', 'latest', '3.5.16-', '3.5.16 ']) {
    expect(() => seriesOf(text)).toThrow(InputError)
  }
})

test('a bug affects the versions from its first one of a series to its fix', () => {
  const bug = { since: ['3.4.20', '3.5.0'], fixedIn: ['3.4.34', '3.5.16'] }
  const affected = (versions: string[]) => versions.map((version) => isAffected(version, bug))
  expect(affected(['3.4.19', '3.4.34', '3.5.16', '3.6.0'])).toEqual(Array(4).fill(false))
  expect(affected(['3.4.20', '3.4.33', '3.5.0', '3.5.15'])).toEqual(Array(4).fill(true))
  expect(isAffected('3.7.1', {})).toBe(true)
})
