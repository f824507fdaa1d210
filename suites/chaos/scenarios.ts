import { type Scenario, workloads } from '../../harness/index.ts'

export const scenarios: readonly Scenario[] = [
  {
    id: 'chaos/seeded',
    title: 'Every guarantee holds under random faults',
    depth: 'quick',
    chaos: true,
    // The run's seed chooses the workload and the faults instead of these.
    workload: workloads.steady,
    faults: [],
    act: async () => {},
  },
]
