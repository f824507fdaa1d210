import { type Scenario, workloads } from '../../harness/index.ts'

export const scenarios: readonly Scenario[] = [
  {
    id: 'chaos/seeded',
    title: 'Every guarantee holds under random faults',
    depth: 'quick',
    chaos: true,
    watches: true,
    // What follows is drawn from the run's seed.
    workload: workloads.steady,
    faults: [],
    act: async () => {},
  },
]
