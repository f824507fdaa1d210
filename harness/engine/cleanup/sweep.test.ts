import { expect, test } from 'vitest'
import type { Docker, Engine } from '../connect.ts'
import { type ContainerLabels, labelsOf, ownerLabel, runLabel } from './labels.ts'
import { findSweepable } from './sweep.ts'

const own = labelsOf({ runId: 'r' }, 'member')
const dead = { ...own, [ownerLabel]: own[ownerLabel]?.replace(/[^/]+$/, '1') ?? '' }
const kept = { ...dead, 'gauntlet.keep': 'true' }
const foreign = { [runLabel]: 'r' }

/** An engine that lists four containers and two networks and cannot remove a thing. */
const engine = engineOf({
  containers: { own, dead, kept, foreign },
  networks: { net: dead, 'foreign-net': foreign },
})

test('what a sweep would remove is found by name: leftovers, and by force all that is ours', async () => {
  const leftovers = await findSweepable(engine)
  expect(leftovers).toEqual({ containers: ['dead'], networks: ['net'], volumes: [], images: [] })
  const { containers } = await findSweepable(engine, { force: true })
  expect(containers).toEqual(['dead', 'kept', 'own'])
})

function engineOf(listed: {
  readonly containers: Readonly<Record<string, ContainerLabels>>
  readonly networks: Readonly<Record<string, ContainerLabels>>
}): Engine {
  const docker: Partial<Record<keyof Docker, () => Promise<unknown>>> = {
    listContainers: async () =>
      Object.entries(listed.containers).map(([name, Labels]) => ({
        Id: `id-of-${name}`,
        Names: [`/${name}`],
        Labels,
      })),
    listNetworks: async () =>
      Object.entries(listed.networks).map(([Name, Labels]) => ({ Id: '7', Name, Labels })),
    listVolumes: async () => ({ Volumes: null }),
    listImages: async () => [],
  }
  return { docker } as unknown as Engine
}
