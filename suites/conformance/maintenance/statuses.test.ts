import { expect, test } from 'vitest'
import { clusterSpec, type Member } from '../../../harness/index.ts'
import { ownAddresses } from './statuses.ts'

test('members that are not in the order of their names are compared in it', () => {
  const spec = clusterSpec({ version: '3.6.6', tls: { client: 'none', peer: 'none' } })
  const members = ['infra2', 'infra0', 'infra1'].map((name, index) => {
    return { name, address: `10.0.0.${index + 1}` } as Member
  })
  expect(ownAddresses({ spec, members })).toEqual([
    'infra0 at http://10.0.0.2:2380, http://10.0.0.2:2379',
    'infra1 at http://10.0.0.3:2380, http://10.0.0.3:2379',
    'infra2 at http://10.0.0.1:2380, http://10.0.0.1:2379',
  ])
})
