import { expect, test } from 'vitest'
import { memberConfiguration } from '../../config/member.ts'
import { knownVersions } from '../../topology/options/flag-table.ts'
import { everyFlag, flagAt } from '../../topology/options/options.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { reservedBecause } from '../../topology/reserved-options.ts'
import { oddOptions } from '../../topology/testing/odd-options.ts'
import { variableOf } from '../etcd/flags.ts'
import { readDeployment } from './deployment.ts'
import { changesOf } from './deployment-changes.ts'
import { runningVersion, specOfDeployment } from './deployment-spec.ts'

/** The cluster that the files come to on that version, and what `inspect` says of the differences. */
function runningOf(files: Readonly<Record<string, string>>, version: string) {
  const deployment = readDeployment(Object.entries(files).map(([path, text]) => ({ path, text })))
  const deployed = specOfDeployment(deployment, { architecture: 'amd64', version })
  const spec = clusterSpec({ version, ...deployed })
  const addresses = Object.fromEntries(spec.members.map(({ name }) => [name, name]))
  const members = spec.members.map(({ name: member }) =>
    memberConfiguration(spec, { member, addresses }),
  )
  const changed = changesOf(deployment, { members, version })
  return { deployment, spec, members, changed }
}

/** Every flag of the version that a file may have, those too that Gauntlet sets itself. */
function everyOption(version: string): [string, string][] {
  const reserved = everyFlag
    .filter((flag) => flagAt(version, flag) !== undefined && !/^(config-file|proxy)$/.test(flag))
    .filter((flag) => reservedBecause(flag) !== undefined)
  const otherValue = (flag: string) => {
    const known = flagAt(version, flag)?.default
    return known === 'true' ? 'false' : known === 'false' ? 'true' : 'odd'
  }
  const values = reserved.map((flag): [string, string] => [flag, otherValue(flag)])
  return [...Object.entries(oddOptions(version)), ...values]
}

const doors = ['flag', 'variable'] as const
const table = knownVersions.flatMap((version) => doors.map((door) => ({ version, door })))

test.each(table)(
  'no option of etcd $version that a $door sets is replaced or left out in silence',
  ({ version, door }) => {
    const options = everyOption(version)
    expect(options.length).toBeGreaterThan(60)
    const text =
      door === 'flag'
        ? `etcd ${options.map(([name, value]) => `--${name}='${value}'`).join(' ')}\n`
        : options.map(([name, value]) => `${variableOf(name)}='${value}'\n`).join('')
    const { members, changed } = runningOf({ file: text }, version)
    const inForce = new Map(members[0]?.map(({ name, value }) => [name, value]))
    const silent = options.filter(([name, value]) => {
      const said = changed.find(({ setting }) => setting === name)
      return inForce.get(name) !== value && (said === undefined || said.why.length < 10)
    })
    expect(silent).toEqual([])
  },
)

test('a variable that the version ignores is left out and said, and a flag of the same name stays', () => {
  const environment = { 'etcd.env': 'ETCD_NAME=a\nETCD_ENABLE_V2=true\nETCD_MAX_WALS=3\n' }
  const { spec, changed } = runningOf(environment, '3.6.14')
  expect(spec.options).toEqual({ 'max-wals': '3' })
  expect(changed).toEqual([
    expect.objectContaining({
      setting: 'enable-v2',
      from: 'true',
      to: '',
      file: 'etcd.env',
      line: 2,
      why: 'etcd 3.6.14 ignores this variable',
    }),
  ])
  expect(runningOf(environment, '3.5.30').spec.options).toHaveProperty('enable-v2', 'true')
  const flag = { 'etcd.sh': 'etcd --name a --enable-v2\n' }
  expect(runningOf(flag, '3.6.14').spec.options).toEqual({ 'enable-v2': 'true' })
})

test('a key that the version ignores is left out and said', () => {
  const yaml = { 'e.yaml': 'name: a\nexperimental-initial-corrupt-check: true\nmax-wals: 3\n' }
  const { spec, changed } = runningOf(yaml, '3.7.1')
  expect(spec.options).toEqual({ 'max-wals': '3' })
  expect(changed.map(({ setting, why }) => [setting, why])).toEqual([
    ['experimental-initial-corrupt-check', 'etcd 3.7.1 ignores this key'],
  ])
})

const served = '--cert-file=a --key-file=b --peer-cert-file=a --peer-key-file=b'

test.each([
  ['--trusted-ca-file=c', 'mutual'],
  ['--client-cert-auth=1 --trusted-ca-file=c', 'mutual'],
  ['--client-cert-auth=T', 'mutual'],
  ['', 'server'],
])('clients of a member with %s are asked for a certificate as etcd asks: %s', (flags, client) => {
  const { spec } = runningOf({ 'e.sh': `etcd --name a ${served} ${flags}\n` }, '3.5.30')
  expect(spec.tls.client).toBe(client)
})

test('etcd 3.3 asks clients for a certificate with an authority of the old name alone', () => {
  const tlsOf = (flag: string) =>
    runningOf({ 'e.sh': `etcd --name a ${served} --${flag}=c\n` }, '3.3.25').spec.tls.client
  expect([tlsOf('trusted-ca-file'), tlsOf('ca-file')]).toEqual(['server', 'mutual'])
})

test('what Gauntlet demands beside the settings of the user is said', () => {
  const { changed } = runningOf({ 'e.sh': `etcd --name a \\\n ${served}\n` }, '3.4.23')
  const added = changed.filter(({ from }) => from === '')
  expect(added.map(({ setting, to, line }) => [setting, to, line])).toEqual([
    ['peer-client-cert-auth', 'true', 2],
    ['logger', 'zap', 1],
    ['log-outputs', 'stderr', 1],
  ])
})

test('a default that is not set is no change', () => {
  const flags = '--auto-tls=false --force-new-cluster=false --proxy=off --discovery='
  const { changed } = runningOf({ 'e.sh': `etcd --name a ${flags}\n` }, '3.5.30')
  expect(changed).toEqual([])
})

const compose = (...tags: string[]) => ({
  'compose.yaml': `services:\n${tags
    .map((tag, index) => `  e${index}: {image: "etcd:${tag}", command: etcd --name e${index}}\n`)
    .join('')}`,
})
const here = { versions: ['3.3.25', '3.4.23', '3.5.16', '3.5.30'], default: '3.5.16' }

test.each([
  ['v3.5.30', '3.5.30'],
  ['v3.5.5', '3.5.16'],
  ['3.4.15-0', '3.4.23'],
  ['v3.6.1', '3.5.16'],
  ['latest', '3.5.16'],
])('of an image %s runs etcd %s', (tag, version) => {
  const { deployment } = runningOf(compose(tag), '3.5.16')
  expect(runningVersion(deployment, here)).toBe(version)
})

test('an image of another version than runs here is said, of each member', () => {
  const { changed } = runningOf(compose('v3.5.16', 'v3.4.20', 'latest'), '3.5.16')
  expect(changed.map(({ setting, from, to, line }) => [setting, from, to, line])).toEqual([
    ['image', 'etcd:v3.4.20', 'etcd 3.5.16', 3],
    ['image', 'etcd:latest', 'etcd 3.5.16', 4],
  ])
})
