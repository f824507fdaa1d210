import { filtersOf, isOurs, roleLabel, runLabel } from '../cleanup/labels.ts'
import type { Engine } from '../connect.ts'
import { containerOf, type EngineContainer } from './lifecycle.ts'

/** A member's container as it is now. */
export interface FoundMember {
  readonly container: EngineContainer
  /** Name of the volume that holds its data; undefined where that is in memory. */
  readonly volume: string | undefined
}

/** The members of a run that have a container, by their host names, which are the members' names. */
export async function findMembers(
  engine: Engine,
  runId: string,
): Promise<ReadonlyMap<string, FoundMember>> {
  const filters = filtersOf([`${runLabel}=${runId}`, `${roleLabel}=member`])
  const listed = await engine.docker.listContainers({ all: true, filters })
  const ours = listed.filter(({ Labels }) => isOurs(Labels))
  const found = ours.map(async ({ Id }) => {
    const { Config, Mounts } = await engine.docker.getContainer(Id).inspect()
    const volume = Mounts.find(({ Type }) => Type === 'volume')?.Name
    return [Config.Hostname, { container: containerOf(engine, Id), volume }] as const
  })
  return new Map(await Promise.all(found))
}
