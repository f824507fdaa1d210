import type { Engine } from '../connect.ts'
import {
  type ContainerLabels,
  filtersOf,
  isLeftover,
  isOurs,
  keepLabel,
  ownerLabel,
  roleLabel,
  runLabel,
} from './labels.ts'
import { parseOwner } from './owner.ts'

/** What the engine has of one run. */
export interface FoundRun {
  readonly id: string
  /** `kept` by `gauntlet up`, `running` under a live process, or `leftover` of a killed one. */
  readonly kind: 'kept' | 'running' | 'leftover'
  readonly members: readonly { readonly container: string; readonly state: string }[]
  /** Members, and what runs beside them. */
  readonly containers: number
  readonly startedAt: string
  /** Of the process that started it. */
  readonly pid: number
}

/** Every run of ours that has a container, the oldest first. Changes nothing. */
export async function listRuns({ docker }: Engine): Promise<FoundRun[]> {
  const all = await docker.listContainers({ all: true, filters: filtersOf([runLabel]) })
  const ours = all.filter(({ Labels }) => isOurs(Labels))
  const runs = [...Map.groupBy(ours, ({ Labels }) => Labels[runLabel] ?? '')]
  return runs
    .map(([id, containers]): FoundRun => {
      const labels = containers.map(({ Labels }) => Labels)
      const createdS = Math.min(...containers.map(({ Created }) => Created))
      return {
        id,
        kind: kindOf(labels),
        members: containers
          .filter(({ Labels }) => Labels[roleLabel] === 'member')
          .map(({ Names: [name = ''], State: state }) => ({ container: name.slice(1), state })),
        containers: containers.length,
        startedAt: new Date(createdS * 1_000).toISOString(),
        pid: parseOwner(labels[0]?.[ownerLabel] ?? '')?.pid ?? 0,
      }
    })
    .sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1))
}

function kindOf(labels: readonly ContainerLabels[]): FoundRun['kind'] {
  if (labels.some((each) => each[keepLabel] === 'true')) return 'kept'
  return labels.every(isLeftover) ? 'leftover' : 'running'
}
