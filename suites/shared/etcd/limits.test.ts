import { expect, test } from 'vitest'
import { clusterSpec, numberOf } from '../../../harness/index.ts'
import { quotaInStatus, smallestQuota } from './limits.ts'

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

test('limits are read as Go reads numbers', () => {
  const options = { 'quota-backend-bytes': '8_589_934_592', 'max-request-bytes': '0x180000' }
  const spec = clusterSpec({ version: '3.6.14', options })
  expect([smallestQuota(spec), quotaInStatus(spec, 'm1')]).toEqual([2 ** 33, 2 ** 33])
  expect(numberOf(spec, 'max-request-bytes')).toBe(1.5 * 2 ** 20)
})
