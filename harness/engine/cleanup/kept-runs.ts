import type { Engine } from '../connect.ts'
import { filtersOf, isOurs, keepLabel, runLabel } from './labels.ts'

/** Ids of the runs whose clusters were kept on purpose and are still there, running or not. */
export async function keptRuns({ docker }: Engine): Promise<string[]> {
  const filters = filtersOf([runLabel, keepLabel])
  const containers = await docker.listContainers({ all: true, filters })
  const ids = containers
    .filter(({ Labels }) => isOurs(Labels))
    .flatMap(({ Labels }) => Labels[runLabel] ?? [])
  return [...new Set(ids)].sort()
}
