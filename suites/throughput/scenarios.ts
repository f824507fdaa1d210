import { load, type Scenario, workloads } from '../../harness/index.ts'
import { measureThroughput } from './measure-throughput.ts'

const names = ['etcd3', 'gateway'] as const
const everyClients = [1, 64, 256] as const

/** What the deployment documents promise of every instance; here for the cluster as a whole. */
const floorWritesPerS = 1_000

const whoWrites = { etcd3: 'an application', gateway: 'the JSON gateway' } as const
const where = { leader: 'at the leader', all: 'spread over all members' } as const

/**
 * A light workload runs beside the generator: its twenty requests a second cost next to nothing, and
 * show that the saturated cluster still serves other clients correctly.
 */
export const measurementScenario = {
  workload: { ...workloads.steady, ratePerS: 20, mix: { put: 1, get: 1 }, timeoutMs: 5_000 },
  faults: [],
  foreignWrites: 'a load generator writes; its count is checked against the revision',
} as const satisfies Partial<Scenario>

export const floor: Scenario = {
  ...measurementScenario,
  id: 'throughput/floor',
  title: 'The cluster serves a thousand writes a second',
  depth: 'ci',
  objectives: () => [{ measure: 'writesPerS', atLeast: floorWritesPerS }],
  act: async (drill) => {
    const combinations = names.flatMap((name) =>
      [64, 256].map((clients) => ({
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
    title: `etcd stores each write of 1, 64 and 256 clients of ${whoWrites[name]}, ${where[target]}, once`,
    depth: 'full',
    act: async (drill) => {
      const generator = load.inChildProcess(name)
      const combinations = everyClients.map((clients) => ({ generator, target, clients }))
      await measureThroughput(drill, { combinations, rounds: 2, windowMs: 3_000 })
    },
  }
}

export const scenarios: readonly Scenario[] = [
  floor,
  ...names.flatMap((name) => [sweep(name, 'leader'), sweep(name, 'all')]),
]
