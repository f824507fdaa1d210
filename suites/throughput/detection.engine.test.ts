import { expect, test } from 'vitest'
import {
  type Drill,
  issueCluster,
  load,
  type Scenario,
  type ThroughputMeasurement,
} from '../../harness/index.ts'
import { sampleSpec } from '../../harness/topology/testing/sample-spec.ts'
import { runSabotaged } from '../shared/testing/run-sabotaged.ts'
import { measureThroughput, noteFigures } from './measure-throughput.ts'
import { measurementScenario } from './scenarios.ts'

const etcd3Generator = load.inChildProcess('etcd3')

async function measureOnce(drill: Drill, generator: load.Generator): Promise<void> {
  const combinations = [{ generator, target: 'leader' as const, clients: 8 }]
  await measureThroughput(drill, { combinations, rounds: 1, windowMs: 1_000 })
}

/** A short measurement with a sabotaged generator. */
function scenarioWith(generator: load.Generator, differing: Partial<Scenario> = {}): Scenario {
  return {
    ...measurementScenario,
    id: 'sabotaged/throughput',
    title: 'A wrong measurement breaks the scenario',
    depth: 'ci',
    act: (drill) => measureOnce(drill, generator),
    ...differing,
  }
}

test('a generator that counts one write more than etcd has breaks the scenario', async () => {
  const overcounting: load.Generator = {
    name: 'boastful',
    run: async (load) => {
      const { revisions, ...measured } = await etcd3Generator.run(load)
      const { atLeast, atMost } = revisions
      return { ...measured, revisions: { atLeast: atLeast + 1, atMost: atMost + 1 } }
    },
  }
  const { outcome, broken } = await runSabotaged(scenarioWith(overcounting))
  expect(broken).toContain('count-agrees-with-revision')
  expect(outcome).toBe('broken')
})

test('the best rate is a lower bound when other processes use the machine', () => {
  const said = (otherProcessCores: number) => {
    const found: unknown[] = []
    const drill = {
      measure: (name: string, value: number | null) => found.push([name, value]),
      measureAtLeast: (...bound: unknown[]) => found.push(bound),
    }
    const one = { generator: 'etcd3', clients: 1, latency: { p99Ms: 4 } }
    const measured = [
      { ...one, writesPerS: 1, rounds: [] },
      { ...one, writesPerS: 999.04, rounds: [{ otherProcessCores: 0 }, { otherProcessCores }] },
    ] as unknown as ThroughputMeasurement[]
    noteFigures(drill, measured)
    return found[0]
  }
  expect(said(0)).toEqual(['writesPerS', 999])
  const why = expect.stringMatching(/^others used/)
  expect(said(load.machineCores())).toEqual(['writesPerS', 999, why])
})

test('a floor that no cluster reaches is a missed objective', async () => {
  const { outcome, broken } = await runSabotaged(
    scenarioWith(etcd3Generator, {
      objectives: () => [{ measure: 'writesPerS', atLeast: 1_000_000 }],
      // As on an idle machine, whatever else runs on this one.
      act: (drill) => {
        const measureAtLeast: Drill['measureAtLeast'] = drill.measure
        return measureOnce({ ...drill, measureAtLeast }, etcd3Generator)
      },
    }),
  )
  expect(broken).toEqual(['objective/writesPerS'])
  expect(outcome).toBe('broken')
})

test('the gateway generator measures no member with a certificate of another CA', async () => {
  const stranger = await issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const gateway = load.inChildProcess('gateway')
  const mistrusting: load.Generator = {
    name: 'gateway',
    run: (load) => {
      const { certPem = '', keyPem = '' } = load.credentials ?? {}
      const credentials = { caPem: stranger.caPem, certPem, keyPem }
      return gateway.run({ ...load, credentials })
    },
  }
  const { outcome, broken } = await runSabotaged(scenarioWith(mistrusting))
  expect(broken).toContain('member-shows-trusted-certificate')
  expect(outcome).toBe('broken')
})
