import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { readDeployment } from '../forms/deployment.ts'
import { expectStartable } from './deployment-files.ts'

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
