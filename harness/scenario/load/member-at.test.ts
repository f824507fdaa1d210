import { expect, test } from 'vitest'
import type { Cluster, Member } from '../../cluster/types.ts'
import { clientMembers } from './member-at.ts'

const member = (name: string) => ({ name }) as Member
const [m1, m2, m3, m4] = ['m1', 'm2', 'm3', 'm4'].map(member) as [Member, Member, Member, Member]

test('clients stay with their member while it is in the cluster, whoever joins', () => {
  const cluster = { members: [m1, m2, m3], doors: [] }
  const { memberAt, find } = clientMembers(cluster)
  expect([0, 1, 2, 3].map(memberAt)).toEqual(['m1', 'm2', 'm3', 'm1'])
  cluster.members = [m2, m3, m1, m4]
  expect([0, 1, 2].map(memberAt)).toEqual(['m1', 'm2', 'm3'])
  expect(find('m4')).toBe(m4)
})

test('clients of a removed member go to a present one', () => {
  const cluster = { members: [m1, m2, m3], doors: [] }
  const { memberAt, find } = clientMembers(cluster)
  cluster.members = [m2, m3, m4]
  expect([0, 1, 2].map(memberAt)).toEqual(['m2', 'm2', 'm3'])
  cluster.members = []
  expect([0, 1, 2].map(memberAt)).toEqual(['m1', 'm2', 'm3'])
  expect(find('m1')).toBe(m1)
})

test('behind doors clients stay with the doors, each in the place of a member of the start', () => {
  const doors = [
    { name: 'm1-gateway', memberEndpoint: 'http://m1' },
    { name: 'm2-gateway', memberEndpoint: 'http://m2' },
  ] as unknown as Cluster['doors']
  const placed = [m1, m2].map((one) => ({ ...one, clientEndpoint: `http://${one.name}` }))
  const cluster = { members: placed as readonly Member[], doors }
  const { memberAt, find, addresseeOf } = clientMembers(cluster)
  expect([0, 1, 2].map(memberAt)).toEqual(['m1-gateway', 'm2-gateway', 'm1-gateway'])
  expect(find('m2-gateway')).toBe(placed[1])
  expect(addresseeOf('m2-gateway')).toEqual({ door: 'm2-gateway' })
  expect(addresseeOf('m2')).toEqual({ member: 'm2' })
})
