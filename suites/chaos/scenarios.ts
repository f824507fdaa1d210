import { type ProgramSpec, type Scenario, workloads } from '../../harness/index.ts'

const seeded: Scenario = {
  id: 'chaos/seeded',
  title: 'Whatever the seed draws, no guarantee breaks',
  depth: 'ci',
  chaos: true,
  watches: true,
  // What follows is drawn from the run's seed.
  workload: workloads.steady,
  faults: [],
  act: async () => {},
}

/** Chaos with programs of our choice: the rest is drawn. */
const withPrograms: readonly (readonly [string, string, readonly ProgramSpec[]])[] = [
  [
    'kubernetes-like',
    'What an API server asks of etcd holds in whatever the seed draws',
    [{ name: 'kubernetes', ratePerS: 60, clients: 3 }],
  ],
  [
    'leases',
    'Leases that are kept alive last, and the others end, in whatever the seed draws',
    [
      { name: 'leases', ratePerS: 40, clients: 6 },
      { name: 'locks', ratePerS: 20, clients: 3 },
    ],
  ],
  [
    'bank',
    'No money comes or goes, and no list loses an element, in whatever the seed draws',
    [
      { name: 'bank', ratePerS: 30, clients: 3 },
      { name: 'append-lists', ratePerS: 20, clients: 3 },
      { name: 'transactions', ratePerS: 20, clients: 2 },
      { name: 'sets', ratePerS: 20, clients: 2 },
    ],
  ],
]

const fixed: readonly Scenario[] = withPrograms.map(([name, title, programs]) => ({
  id: `chaos/${name}`,
  title,
  depth: 'full',
  chaos: true,
  watches: true,
  workload: { ...workloads.steady, programs },
  faults: [],
  act: async () => {},
}))

export const scenarios: readonly Scenario[] = [seeded, ...fixed]
