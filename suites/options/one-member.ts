import { featuresOf, resizeCluster, type Scenario, workloads } from '../../harness/index.ts'

/** For what is about one etcd: most starts are of processes beside the cluster. */
export const oneMember = {
  workload: { ...workloads.steady, ratePerS: 50 },
  faults: [],
  adjustSpec: (spec) => resizeCluster(spec, 1),
} as const satisfies Partial<Scenario>

/** etcd's report at start is a line of JSON from 3.4 on. */
export const withoutReport: NonNullable<Scenario['notApplicable']> = ({ version }) =>
  featuresOf(version).has('logger-flag')
    ? undefined
    : 'etcd 3.3 reports its configuration at start in no form that a program reads'
