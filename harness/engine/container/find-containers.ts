import { filtersOf, isOurs, roleLabel, runLabel } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { containerOf, type EngineContainer } from './lifecycle.ts'

/** A container of a member, or of a door, as it is now. */
export interface FoundContainer {
  readonly container: EngineContainer
  /** Name of the volume that holds its data; undefined where that is in memory, and for a door. */
  readonly volume: string | undefined
}

/** The members or doors of a run that have a container, by their host names, which are their own names. */
export async function findContainers(
  engine: Engine,
  runId: string,
  role: 'member' | 'door',
): Promise<ReadonlyMap<string, FoundContainer>> {
  const filters = filtersOf([`${runLabel}=${runId}`, `${roleLabel}=${role}`])
  const listed = await engine.docker.listContainers({ all: true, filters })
  const ours = listed.filter(({ Labels }) => isOurs(Labels))
  const found = ours.map(async ({ Id }) => {
    const { Config, Mounts } = await engine.docker.getContainer(Id).inspect()
    const volume = Mounts.find(({ Type }) => Type === 'volume')?.Name
    return [Config.Hostname, { container: containerOf(engine, Id), volume }] as const
  })
  return new Map(await Promise.all(found))
}
