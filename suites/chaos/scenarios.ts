import { type Scenario, workloads } from '../../harness/index.ts'

export const scenarios: readonly Scenario[] = [
  {
    id: 'chaos/seeded',
    title: 'Whatever the seed draws, no guarantee breaks',
    depth: 'quick',
    chaos: true,
    watches: true,
    // What follows is drawn from the run's seed.
    workload: workloads.steady,
    faults: [],
    act: async () => {},
  },
]
