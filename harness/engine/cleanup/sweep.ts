import { setTimeout as delay } from 'node:timers/promises'
import type { Docker, Engine } from '../connect.ts'
import { filtersOf, isLeftover, isOurs, type Labels, runLabel } from './labels.ts'
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

/**
 * Removes what runs left behind: containers, networks, volumes and untagged images with our labels,
 * and nothing else. It leaves alone what a live process on this machine owns, what may still be
 * owned (by another host at the same engine) and clusters kept by `gauntlet up`; `force` takes them
 * too. The engine may finish a request of a killed process afterwards: hence it looks again until
 * two passes in a row, a moment apart, have found nothing.
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

interface Found {
  readonly id: string
  readonly labels: Labels
}

/** What the engine has of one kind under a filter of labels, and how one of it is removed. */
interface Kind {
  list(docker: Docker, label: string): Promise<Found[]>
  remove(engine: Engine, id: string): Promise<void>
}

/** In this order: containers hold networks and volumes. */
const kinds: Readonly<Record<keyof Swept, Kind>> = {
  containers: {
    list: async (docker, label) =>
      (await docker.listContainers({ all: true, filters: filtersOf([label]) })).map(foundById),
    remove: removeContainer,
  },
  networks: {
    list: async (docker, label) =>
      (await docker.listNetworks({ filters: filtersOf([label]) })).map(foundById),
    remove: removeNetwork,
  },
  volumes: {
    list: async (docker, label) =>
      ((await docker.listVolumes({ filters: filtersOf([label]) })).Volumes ?? []).map(
        ({ Name, Labels }) => foundById({ Id: Name, Labels }),
      ),
    remove: removeVolume,
  },
  images: {
    list: async (docker, label) =>
      (await docker.listImages({ filters: filtersOf([label], { dangling: ['true'] }) })).map(
        foundById,
      ),
    remove: removeImage,
  },
}

async function sweepOnce(engine: Engine, options: SweepOptions): Promise<Swept> {
  const label = options.runId === undefined ? runLabel : `${runLabel}=${options.runId}`
  const swept = { containers: 0, networks: 0, volumes: 0, images: 0 }
  for (const [name, { list, remove }] of Object.entries(kinds) as [keyof Swept, Kind][]) {
    const found = (await list(engine.docker, label)).filter(({ labels }) =>
      options.force === true ? isOurs(labels) : isLeftover(labels),
    )
    await Promise.all(found.map(({ id }) => remove(engine, id)))
    swept[name] = found.length
  }
  return swept
}

function foundById({ Id, Labels }: { Id: string; Labels?: Labels | undefined }): Found {
  return { id: Id, labels: Labels ?? {} }
}

function add(one: Swept, other: Swept): Swept {
  return {
    containers: one.containers + other.containers,
    networks: one.networks + other.networks,
    volumes: one.volumes + other.volumes,
    images: one.images + other.images,
  }
}
