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
import { measuring } from './scenarios.ts'

const honest = load.inChildProcess('etcd3')

async function measureOnce(drill: Drill, generator: load.Generator): Promise<void> {
  const combinations = [{ generator, target: 'leader' as const, clients: 8 }]
  await measureThroughput(drill, { combinations, rounds: 1, windowMs: 1_000 })
}

/** A short measurement with a generator that is not what it should be. */
function scenarioWith(generator: load.Generator, differing: Partial<Scenario> = {}): Scenario {
  return {
    ...measuring,
    id: 'sabotaged/throughput',
    title: 'A measurement that is wrong is found out',
    depth: 'ci',
    act: (drill) => measureOnce(drill, generator),
    ...differing,
  }
}

test('a generator that counts one write more than etcd took is found', async () => {
  const boastful: load.Generator = {
    name: 'boastful',
    run: async (load) => {
      const { sent, acknowledged, ...measured } = await honest.run(load)
      return { ...measured, sent: sent + 1, acknowledged: acknowledged + 1 }
    },
  }
  const { outcome, broken } = await runSabotaged(scenarioWith(boastful))
  expect(broken).toContain('count-agrees-with-revision')
  expect(outcome).toBe('broken')
})

test('the best rate is no more than a lower bound when others used the machine', () => {
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

test('a floor that no cluster reaches is missed', async () => {
  const { outcome, broken } = await runSabotaged(
    scenarioWith(honest, {
      objectives: () => [{ measure: 'writesPerS', atLeast: 1_000_000 }],
      // As on a machine of its own, whatever else runs on this one.
      act: (drill) => {
        const measureAtLeast: Drill['measureAtLeast'] = drill.measure
        return measureOnce({ ...drill, measureAtLeast }, honest)
      },
    }),
  )
  expect(broken).toEqual(['objective/writesPerS'])
  expect(outcome).toBe('broken')
})

test('members whose certificates are not of the trusted CA are not measured over the gateway', async () => {
  const stranger = await issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const gateway = load.inChildProcess('gateway')
  const mistaken: load.Generator = {
    name: 'gateway',
    run: (load) => {
      const { certPem = '', keyPem = '' } = load.credentials ?? {}
      const credentials = { caPem: stranger.caPem, certPem, keyPem }
      return gateway.run({ ...load, credentials })
    },
  }
  const { outcome, broken } = await runSabotaged(scenarioWith(mistaken))
  expect(broken).toContain('member-shows-trusted-certificate')
  expect(outcome).toBe('broken')
})
