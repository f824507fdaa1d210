import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import { readDeployment } from '../../forms/deployment/deployment.ts'
import { upgradeEffects } from '../../forms/deployment/upgrade.ts'
import { expectStartable, takeMoreFiles } from './deployment-files.ts'

const startable = (path: string, text: string) =>
  expectStartable(readDeployment([{ path, text }]), '3.5.30')

test.each([
  ['e.sh', 'etcd --name a --cors=$WHO', 'e.sh:1: expected a value of cors, found $'],
  [
    'compose.yaml',
    'services: {e: {image: etcd, environment: [ETCD_MAX_WALS=3, ETCD_QUOTA_BACKEND_BYTES]}}',
    'compose.yaml:1: expected a value of ETCD_QUOTA_BACKEND_BYTES, found one that comes from elsewhere',
  ],
  ['e.yaml', 'max-wals: 3\nlog-level: "{{ l }}"\n', 'e.yaml:2: expected a value of log-level'],
])('%s with an open value of the user’s does not start: %s', (path, text, message) => {
  expect(() => startable(path, text)).toThrow(InputError)
  expect(() => startable(path, text)).toThrow(message)
})

test.each([
  ['3.5.33', 'peer-transport-security:\n', undefined],
  ['3.6.14', 'peer-transport-security:\n', 'peer-transport-security'],
  ['3.7.1', 'peer-transport-security:\n', 'peer-transport-security'],
  ['3.5.33', 'experimental-compact-hash-check-enabled:\n', undefined],
  [
    '3.6.14',
    'experimental-compact-hash-check-enabled:\n',
    'experimental-compact-hash-check-enabled',
  ],
  ['3.7.1', 'experimental-compact-hash-check-enabled:\n', undefined],
])('etcd %s and a key without a value, %j: exits for %s', (version, text, setting) => {
  const files = [{ path: 'e.yaml', text: `name: m1\nmax-wals: 3\n${text}` }]
  const deployment = readDeployment(files)
  const start = () => expectStartable(deployment, version)
  const [exits] = upgradeEffects(deployment.members[0], { from: version, to: version }).filter(
    ({ effect }) => effect === 'ends-etcd',
  )
  expect(exits?.setting).toBe(setting)
  if (setting === undefined) expect(start).not.toThrow()
  else expect(start).toThrow(`e.yaml:3: expected a value of ${setting}, found none`)
})

test.each([
  ['a name, which follows from the cluster', 'etcd --name $(hostname) --data-dir $DATA'],
  ['an argument that may be any number of flags', 'etcd --name a $ETCD_OPTS'],
])('%s may stay open', (_, text) => {
  expect(() => startable('e.sh', text)).not.toThrow()
})

test('a word behind `--from` that is a file is one more file, and a name that the command knows stays', () => {
  const [file, other] = [import.meta.filename, `${import.meta.dirname}/read-pki.ts`]
  const isName = (word: string) => word === other
  const words = ['chaos', file, other, 'none.env', import.meta.dirname]
  expect(takeMoreFiles(words, ['a.env'], isName)).toEqual({
    words: ['chaos', other, 'none.env', import.meta.dirname],
    from: ['a.env', file],
  })
  expect(takeMoreFiles(words, [], isName)).toEqual({ words, from: [] })
})
