import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from '../../core/errors.ts'
import type { Docker, Engine } from '../connect.ts'
import { filtersOf, isLeftover, isOurs, type Labels, runLabel } from './labels.ts'
import { removeContainer, removeImage, tryRemoveNetwork, tryRemoveVolume } from './remove.ts'

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
const deadlineMs = 60_000

/**
 * Removes what runs left behind: containers, networks, volumes and untagged images with our labels,
 * and nothing else. It leaves alone what a live process on this machine owns, what may still be
 * owned (by another host at the same engine) and clusters kept by `gauntlet up`; `force` takes them
 * too. The engine may finish a request of a killed process afterwards, such as a container that uses
 * a volume: hence it looks again until two passes in a row, a moment apart, have found nothing.
 * Throws a DeadlineError when something stays in use for a minute.
 */
export async function sweep(engine: Engine, options: SweepOptions = {}): Promise<Swept> {
  const startedMs = performance.now()
  let total: Swept = { containers: 0, networks: 0, volumes: 0, images: 0 }
  for (let quiet = 0; quiet < quietPasses; await delay(settleMs)) {
    const { removed, inUse } = await sweepOnce(engine, options)
    total = add(total, removed)
    const isQuiet = inUse.length + removed.containers + removed.networks + removed.volumes === 0
    quiet = isQuiet ? quiet + 1 : 0
    if (performance.now() - startedMs > deadlineMs) {
      throw new DeadlineError(
        `Waited ${deadlineMs} ms for leftovers to be removed; still in use: ${inUse.join(', ')}`,
        { inUse },
      )
    }
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
  /** Tries once; false while it is in use. */
  remove(engine: Engine, id: string): Promise<boolean>
}

/** In this order: containers hold networks and volumes. */
const kinds: Readonly<Record<keyof Swept, Kind>> = {
  containers: {
    list: async (docker, label) =>
      (await docker.listContainers({ all: true, filters: filtersOf([label]) })).map(foundById),
    remove: (engine, id) => removeContainer(engine, id).then(() => true),
  },
  networks: {
    list: async (docker, label) =>
      (await docker.listNetworks({ filters: filtersOf([label]) })).map(foundById),
    remove: tryRemoveNetwork,
  },
  volumes: {
    list: async (docker, label) =>
      ((await docker.listVolumes({ filters: filtersOf([label]) })).Volumes ?? []).map(
        ({ Name, Labels }) => foundById({ Id: Name, Labels }),
      ),
    remove: tryRemoveVolume,
  },
  images: {
    list: async (docker, label) =>
      (await docker.listImages({ filters: filtersOf([label], { dangling: ['true'] }) })).map(
        foundById,
      ),
    remove: (engine, id) => removeImage(engine, id).then(() => true),
  },
}

interface Pass {
  readonly removed: Swept
  readonly inUse: readonly string[]
}

async function sweepOnce(engine: Engine, options: SweepOptions): Promise<Pass> {
  const label = options.runId === undefined ? runLabel : `${runLabel}=${options.runId}`
  const removed = { containers: 0, networks: 0, volumes: 0, images: 0 }
  const inUse: string[] = []
  for (const [name, { list, remove }] of Object.entries(kinds) as [keyof Swept, Kind][]) {
    const found = (await list(engine.docker, label)).filter(({ labels }) =>
      options.force === true ? isOurs(labels) : isLeftover(labels),
    )
    const gone = await Promise.all(found.map(({ id }) => remove(engine, id)))
    removed[name] = gone.filter(Boolean).length
    inUse.push(...found.filter((_, at) => gone[at] === false).map(({ id }) => `${name} ${id}`))
  }
  return { removed, inUse }
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
