import { type ProgramSpec, type Scenario, workloads } from '../../harness/index.ts'

/** Client programs; the run's seed chooses cluster, flags and faults, as in chaos. */
const withPrograms: readonly (readonly [string, string, readonly ProgramSpec[]])[] = [
  [
    'kubernetes-like',
    'Every guarantee holds for an API server’s requests under random faults',
    [{ name: 'kubernetes', ratePerS: 60, clients: 3 }],
  ],
  [
    'leases',
    'Renewed leases live and the others expire under random faults',
    [
      { name: 'leases', ratePerS: 40, clients: 6 },
      { name: 'locks', ratePerS: 20, clients: 3 },
    ],
  ],
  [
    'bank',
    'Transfers keep their total and lists keep their elements under random faults',
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
  workload: { ...workloads.steady, programs },
  faults: [],
  act: async () => {},
}))
