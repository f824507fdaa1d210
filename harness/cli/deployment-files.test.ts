import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { readDeployment } from '../forms/deployment.ts'
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
  ['a name, which follows from the cluster', 'etcd --name $(hostname) --data-dir $DATA'],
  ['an argument that may be any number of flags', 'etcd --name a $ETCD_OPTS'],
])('%s may stay open', (_, text) => {
  expect(() => startable('e.sh', text)).not.toThrow()
})

test('a word behind `--from` that is a file is one more file, and a name that the command knows stays', () => {
  const [file, other] = [import.meta.filename, `${import.meta.dirname}/main.ts`]
  const isName = (word: string) => word === other
  const words = ['chaos', file, other, 'none.env', import.meta.dirname]
  expect(takeMoreFiles(words, ['a.env'], isName)).toEqual({
    words: ['chaos', other, 'none.env', import.meta.dirname],
    from: ['a.env', file],
  })
  expect(takeMoreFiles(words, [], isName)).toEqual({ words, from: [] })
})
