import { expect, test } from 'vitest'
import type { Member } from '../../cluster/types.ts'
import { clientMembers } from './member-at.ts'

const member = (name: string) => ({ name }) as Member
const [m1, m2, m3, m4] = ['m1', 'm2', 'm3', 'm4'].map(member) as [Member, Member, Member, Member]

test('clients stay with their member while it is in the cluster, whoever joins', () => {
  const cluster = { members: [m1, m2, m3] }
  const { memberAt, find } = clientMembers(cluster)
  expect([0, 1, 2, 3].map(memberAt)).toEqual(['m1', 'm2', 'm3', 'm1'])
  cluster.members = [m2, m3, m1, m4]
  expect([0, 1, 2].map(memberAt)).toEqual(['m1', 'm2', 'm3'])
  expect(find('m4')).toBe(m4)
})

test('clients of a removed member go to a present one', () => {
  const cluster = { members: [m1, m2, m3] }
  const { memberAt, find } = clientMembers(cluster)
  cluster.members = [m2, m3, m4]
  expect([0, 1, 2].map(memberAt)).toEqual(['m2', 'm2', 'm3'])
  cluster.members = []
  expect([0, 1, 2].map(memberAt)).toEqual(['m1', 'm2', 'm3'])
  expect(find('m1')).toBe(m1)
})
