import { expect, test } from 'vitest'
import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import { chooseTargets } from './choose-targets.ts'

const members = ['m1', 'm2', 'm3'].map((name) => ({ name }))
const cluster = {
  members,
  leader: async () => members[1],
  followers: async () => [members[0], members[2]],
} as unknown as Cluster
const any = { needs: {} }

test.each([
  ['names', ['m3', 'm1'], ['m3', 'm1']],
  ['the leader', ['leader'], ['m2']],
  ['a follower', ['follower'], ['m1']],
  ['all', ['all'], ['m1', 'm2', 'm3']],
  ['a member once, however often it is named', ['m2', 'leader', 'm2'], ['m2']],
  ['a follower when nobody is named', [], ['m1']],
])('targets are %s', async (_, words, chosen) => {
  expect(await chooseTargets(cluster, any, words)).toEqual(chosen)
})

test('a fault of all members needs no target, and neither does the only member', async () => {
  expect(await chooseTargets(cluster, { needs: { targets: 'all' } }, [])).toEqual([
    'm1',
    'm2',
    'm3',
  ])
  const one = { members: [{ name: 'm1' }] } as unknown as Cluster
  expect(await chooseTargets(one, any, [])).toEqual(['m1'])
})

test('an unknown target is refused with those there are', async () => {
  const choosing = chooseTargets(cluster, any, ['m1', 'lead'])
  await expect(choosing).rejects.toThrow(InputError)
  await expect(choosing).rejects.toThrow(
    'Expected the target to be one of m1, m2, m3, leader, follower, all, got `lead`',
  )
})

const ofDoors = { needs: { doors: true } } as const
const behindDoors = {
  members,
  doors: ['m1-gateway', 'm2-gateway'].map((name) => ({ name })),
} as unknown as Cluster

test.each([
  ['names', ['m2-gateway', 'm2-gateway'], ['m2-gateway']],
  ['all', ['all'], ['m1-gateway', 'm2-gateway']],
  ['the first when none is named', [], ['m1-gateway']],
])('doors are %s', async (_, words, chosen) => {
  expect(await chooseTargets(behindDoors, ofDoors, words)).toEqual(chosen)
})

test('a fault of doors is refused for a member, and where there is no door', async () => {
  await expect(chooseTargets(behindDoors, ofDoors, ['m1'])).rejects.toThrow(
    'Expected the target to be one of m1-gateway, m2-gateway, all, got `m1`',
  )
  await expect(
    chooseTargets({ members, doors: [] } as unknown as Cluster, ofDoors, []),
  ).rejects.toThrow('Expected a cluster with doors, as of `gauntlet up --door gateway`, got none')
})
