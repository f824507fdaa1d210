import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from '../../core/errors.ts'
import type { Docker, Engine } from '../connect.ts'
import { type ContainerLabels, filtersOf, isLeftover, isOurs, runLabel } from './labels.ts'
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
  for (let quiet = 0; ; await delay(settleMs)) {
    const { removed, inUse } = await sweepOnce(engine, options)
    total = add(total, removed)
    const isQuiet = inUse.length + removed.containers + removed.networks + removed.volumes === 0
    quiet = isQuiet ? quiet + 1 : 0
    if (quiet === quietPasses) return total
    if (performance.now() - startedMs > deadlineMs) {
      throw new DeadlineError(
        `Waited ${deadlineMs} ms for leftovers to be removed; still in use: ${inUse.join(', ')}`,
        { inUse },
      )
    }
  }
}

/** Names of what a sweep would remove now; of images their ids. */
export type Sweepable = Readonly<Record<keyof Swept, readonly string[]>>

/**
 * Finds what `sweep` with the same options would remove, and removes nothing. A container's unnamed
 * volumes, which go with it, are not listed.
 */
export async function findSweepable(
  engine: Engine,
  options: SweepOptions = {},
): Promise<Sweepable> {
  const namesOf = async (kind: Kind) =>
    (await findOf(kind, engine, options)).map(({ name }) => name).sort()
  return {
    containers: await namesOf(kinds.containers),
    networks: await namesOf(kinds.networks),
    volumes: await namesOf(kinds.volumes),
    images: await namesOf(kinds.images),
  }
}

interface Found {
  readonly id: string
  readonly name: string
  readonly labels: ContainerLabels
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
      (await docker.listContainers({ all: true, filters: filtersOf([label]) })).map(
        ({ Id, Names: [name = `/${Id}`], Labels }) => foundAs({ Id, Name: name.slice(1), Labels }),
      ),
    remove: (engine, id) => removeContainer(engine, id).then(() => true),
  },
  networks: {
    list: async (docker, label) =>
      (await docker.listNetworks({ filters: filtersOf([label]) })).map(foundAs),
    remove: tryRemoveNetwork,
  },
  volumes: {
    list: async (docker, label) =>
      ((await docker.listVolumes({ filters: filtersOf([label]) })).Volumes ?? []).map(
        ({ Name, Labels }) => foundAs({ Id: Name, Name, Labels }),
      ),
    remove: tryRemoveVolume,
  },
  images: {
    list: async (docker, label) =>
      (await docker.listImages({ filters: filtersOf([label], { dangling: ['true'] }) })).map(
        ({ Id, Labels }) => foundAs({ Id, Name: Id, Labels }),
      ),
    remove: (engine, id) => removeImage(engine, id).then(() => true),
  },
}

interface Pass {
  readonly removed: Swept
  readonly inUse: readonly string[]
}

async function sweepOnce(engine: Engine, options: SweepOptions): Promise<Pass> {
  const removed = { containers: 0, networks: 0, volumes: 0, images: 0 }
  const inUse: string[] = []
  for (const [name, kind] of Object.entries(kinds) as [keyof Swept, Kind][]) {
    const found = await findOf(kind, engine, options)
    const gone = await Promise.all(found.map(({ id }) => kind.remove(engine, id)))
    removed[name] = gone.filter(Boolean).length
    inUse.push(...found.filter((_, at) => gone[at] === false).map(({ id }) => `${name} ${id}`))
  }
  return { removed, inUse }
}

async function findOf(
  { list }: Kind,
  { docker }: Engine,
  { runId, force = false }: SweepOptions,
): Promise<Found[]> {
  const found = await list(docker, runId === undefined ? runLabel : `${runLabel}=${runId}`)
  return found.filter(({ labels }) => (force ? isOurs(labels) : isLeftover(labels)))
}

function foundAs(listed: {
  Id: string
  Name: string
  Labels?: ContainerLabels | undefined
}): Found {
  return { id: listed.Id, name: listed.Name, labels: listed.Labels ?? {} }
}

function add(one: Swept, other: Swept): Swept {
  return {
    containers: one.containers + other.containers,
    networks: one.networks + other.networks,
    volumes: one.volumes + other.volumes,
    images: one.images + other.images,
  }
}
