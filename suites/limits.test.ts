import { expect, test } from 'vitest'
import { clusterSpec } from '../harness/index.ts'
import { quotaInStatus } from './shared/limits.ts'

const inStatus = (version: string, bytes?: string) =>
  quotaInStatus(
    clusterSpec({ version, options: bytes === undefined ? {} : { 'quota-backend-bytes': bytes } }),
    'm1',
  )

test('a status has the default quota from 3.6.6 on, and 0 for it before', () => {
  const byDefault = ['3.6.0', '3.6.5', '3.6.6', '3.7.0'].map((version) => inStatus(version))
  expect(byDefault).toEqual([0, 0, 2 ** 31, 2 ** 31])
  expect(['3.6.0', '3.7.0'].map((version) => inStatus(version, '8589934592'))).toEqual([
    2 ** 33,
    2 ** 33,
  ])
})
