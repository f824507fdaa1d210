import { type ProgramSpec, type Scenario, workloads } from '../../harness/index.ts'

/** What its clients do; cluster, flags and faults are drawn from the seed, as in chaos. */
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

export const scenarios: readonly Scenario[] = withPrograms.map(([name, title, programs]) => ({
  id: `workloads/${name}`,
  title,
  depth: 'full',
  chaos: true,
  watches: true,
  workload: { ...workloads.steady, programs },
  faults: [],
  act: async () => {},
}))
