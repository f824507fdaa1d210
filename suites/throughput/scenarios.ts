import { load, type Scenario } from '../../harness/index.ts'
import { atMembers } from '../shared/at-members.ts'
import { needsGateway } from '../shared/needs-gateway.ts'
import { measureThroughput } from './measure-throughput.ts'

/** How many clients measure each generator: a JavaScript client saturates before 256. */
const clientsOf = {
  etcd3: [1, 64, 256],
  gateway: [1, 64, 256],
  lean: [1, 100, 1_000],
} as const
const names = ['etcd3', 'gateway', 'lean'] as const

/** What the deployment documents promise of every instance; here for the cluster as a whole. */
const floorWritesPerS = 1_000

const whoWrites = {
  etcd3: 'an application',
  gateway: 'the JSON gateway',
  lean: 'the leanest gRPC',
} as const
const where = { leader: 'at the leader', all: 'spread over all members' } as const

/**
 * A light workload runs beside the generator: its thirty requests a second cost next to nothing, and
 * show that the saturated cluster still serves other clients correctly.
 */
export const measurementScenario = {
  workload: {
    ratePerS: 20,
    keys: 20,
    valueBytes: 64,
    mix: { put: 3, get: 3, 'serializable-get': 1 },
    timeoutMs: 5_000,
    programs: [
      { name: 'transactions', ratePerS: 5, clients: 1 },
      { name: 'deletes', ratePerS: 5, clients: 1 },
    ],
  },
  faults: [],
  withoutAuth: 'the load generators name no user',
  behindDoors: atMembers('the load generators connect to the members themselves'),
  foreignWrites: 'a load generator writes; its count is checked against the revision',
  skippedCheckers: {
    'write-ahead-log': 'the logs hold what the load generator writes, which no history has',
    lease: 'the end of a lease is a revision that no answer names: the count would be off by it',
  },
} as const satisfies Partial<Scenario>

export const floor: Scenario = {
  ...measurementScenario,
  id: 'throughput/floor',
  title: 'The cluster serves a thousand writes a second',
  depth: 'ci',
  objectives: () => [
    {
      measure: 'writesPerS',
      atLeast: floorWritesPerS,
      from: 'what deployment documents promise of an instance',
    },
  ],
  act: async (drill) => {
    const { spec } = drill.cluster
    const used = names.filter((name) => name !== 'gateway' || needsGateway(spec) === undefined)
    const combinations = used.flatMap((name) =>
      clientsOf[name].slice(1).map((clients) => ({
        generator: load.inChildProcess(name),
        target: 'leader' as const,
        clients,
      })),
    )
    await measureThroughput(drill, { combinations, rounds: 1, windowMs: 3_000 })
  },
}

function sweep(name: (typeof names)[number], target: keyof typeof where): Scenario {
  return {
    ...measurementScenario,
    id: `throughput/${name}-${target}`,
    title: `etcd stores each write of ${clientsOf[name].join(', ')} clients of ${whoWrites[name]}, ${where[target]}, once`,
    depth: 'full',
    ...(name === 'gateway' && { notApplicable: needsGateway }),
    act: async (drill) => {
      const generator = load.inChildProcess(name)
      const combinations = clientsOf[name].map((clients) => ({ generator, target, clients }))
      await measureThroughput(drill, { combinations, rounds: 2, windowMs: 3_000 })
    },
  }
}

export const scenarios: readonly Scenario[] = [
  floor,
  ...names.flatMap((name) => [sweep(name, 'leader'), sweep(name, 'all')]),
]
