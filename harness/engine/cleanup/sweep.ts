import { setTimeout as delay } from 'node:timers/promises'
import type { Engine } from '../connect.ts'
import { isLeftover, type Labels, runLabel } from './labels.ts'
import { removeContainer, removeImage, removeNetwork, removeVolume } from './remove.ts'

export interface SweepOptions {
  /** Only what that run started. */
  readonly runId?: string
  /**
   * Also what a live process owns and what is kept on purpose: `gauntlet clean --all`, `gauntlet
   * down` with its run's id, the end of a run with its own. Default false: leftovers only.
   */
  readonly force?: boolean
}

/** How many of each were removed. */
export interface Swept {
  readonly containers: number
  readonly networks: number
  readonly volumes: number
  readonly images: number
}

/** Longer than the engine takes over a request that a killed process had under way. */
const settleMs = 300
const quietPasses = 2
const maxPasses = 20

interface Found {
  readonly id: string
  readonly labels: Labels
}

/**
 * Removes what runs left behind: containers, networks, volumes and untagged images with our label,
 * and nothing else. What a live process on this machine owns is left alone, and so is what cannot
 * be told to be dead (another host at the same engine), and clusters kept by `gauntlet up`; `force`
 * takes them too. A process killed in the middle of a request may have the engine finish it
 * afterwards: hence it looks again until two passes in a row, a moment apart, have found nothing.
 */
export async function sweep(engine: Engine, options: SweepOptions = {}): Promise<Swept> {
  let total: Swept = { containers: 0, networks: 0, volumes: 0, images: 0 }
  let quiet = 0
  for (let pass = 0; pass < maxPasses && quiet < quietPasses; pass++) {
    if (pass > 0) await delay(settleMs)
    const swept = await sweepOnce(engine, options)
    total = add(total, swept)
    quiet = swept.containers + swept.networks + swept.volumes > 0 ? 0 : quiet + 1
  }
  return total
}

/** Containers first: networks and volumes are held by them. */
async function sweepOnce(engine: Engine, options: SweepOptions): Promise<Swept> {
  const { docker } = engine
  const label = options.runId === undefined ? runLabel : `${runLabel}=${options.runId}`
  const filters = JSON.stringify({ label: [label] })
  const mine = ({ labels }: Found) => options.force === true || isLeftover(labels)

  const containers = (await docker.listContainers({ all: true, filters }))
    .map(({ Id, Labels }) => ({ id: Id, labels: Labels }))
    .filter(mine)
  await all(containers, ({ id }) => removeContainer(engine, id))

  const networks = (await docker.listNetworks({ filters }))
    .map(({ Id, Labels }) => ({ id: Id, labels: Labels ?? {} }))
    .filter(mine)
  await all(networks, ({ id }) => removeNetwork(engine, id))

  const volumes = ((await docker.listVolumes({ filters })).Volumes ?? [])
    .map(({ Name, Labels }) => ({ id: Name, labels: Labels ?? {} }))
    .filter(mine)
  await all(volumes, ({ id }) => removeVolume(engine, id))

  const dangling = JSON.stringify({ label: [label], dangling: ['true'] })
  const images = (await docker.listImages({ filters: dangling }))
    .map(({ Id, Labels }) => ({ id: Id, labels: Labels ?? {} }))
    .filter(mine)
  await all(images, ({ id }) => removeImage(engine, id))

  return {
    containers: containers.length,
    networks: networks.length,
    volumes: volumes.length,
    images: images.length,
  }
}

async function all(found: readonly Found[], remove: (item: Found) => Promise<void>): Promise<void> {
  await Promise.all(found.map(remove))
}

function add(one: Swept, other: Swept): Swept {
  return {
    containers: one.containers + other.containers,
    networks: one.networks + other.networks,
    volumes: one.volumes + other.volumes,
    images: one.images + other.images,
  }
}
