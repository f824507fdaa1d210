import { expect, test } from 'vitest'
import {
  bench,
  clusterSpec,
  issueCluster,
  type Scenario,
  type ThroughputMeasurement,
} from '../../harness/index.ts'
import { expectFloor, measureThroughput } from '../throughput/act.ts'
import { measuring } from '../throughput/scenarios.ts'
import { conductAside } from './sabotaged.ts'

const honest = bench.inOwnProcess('etcd3')

/** A short measurement with a generator that is not what it should be. */
function scenarioWith(generator: bench.Generator, differing: Partial<Scenario> = {}): Scenario {
  const combinations = [{ generator, target: 'leader' as const, clients: 8 }]
  return {
    ...measuring,
    id: 'canaries/throughput',
    title: 'A measurement that is wrong is found out',
    depth: 'ci',
    act: async (drill) => {
      await measureThroughput(drill, { combinations, rounds: 1, windowMs: 1_000 })
    },
    ...differing,
  }
}

test('a generator that counts one write more than etcd took is found', async () => {
  const boastful: bench.Generator = {
    name: 'boastful',
    run: async (load) => {
      const { sent, acknowledged, ...measured } = await honest.run(load)
      return { ...measured, sent: sent + 1, acknowledged: acknowledged + 1 }
    },
  }
  const { outcome, reason } = await conductAside(scenarioWith(boastful))
  expect(reason).toMatch(
    /expected that etcd's revision agrees with what boastful counted, got \d+ revisions for/,
  )
  expect(outcome).toBe('broken')
})

test('a rate below the floor is taken back only when others used the machine', () => {
  const said = (writesPerS: number, othersCores: number) => {
    const found: unknown[] = []
    const drill = {
      measure: (name: string, value: number | null) => found.push(name, value),
      doubt: (reason: string) => found.push(reason),
    }
    const best = { writesPerS, rounds: [{ othersCores }] }
    const measured = [{ writesPerS: 1, rounds: [] }, best] as unknown as ThroughputMeasurement[]
    expectFloor(drill, measured, 1_000)
    return found
  }
  const all = bench.machineCores()
  expect(said(999, 0)).toEqual([])
  expect(said(1_000, all)).toEqual([])
  const doubt = expect.stringMatching(/^999 writes\/s are a lower bound: others used/)
  expect(said(999, all)).toEqual(['writesPerS', null, doubt])
})

test('a floor that no cluster reaches is missed', async () => {
  const { outcome, reason } = await conductAside(
    scenarioWith(honest, { objectives: () => [{ measure: 'writesPerS', atLeast: 1_000_000 }] }),
  )
  expect(reason).toMatch(/^objective missed: expected writesPerS to be at least 1000000, got \d+/)
  expect(outcome).toBe('broken')
})

test('members whose certificates are not of the trusted CA are not measured over the gateway', async () => {
  const stranger = await issueCluster(clusterSpec({ members: 1 }), { m1: '10.1.0.2' })
  const gateway = bench.inOwnProcess('gateway')
  const mistaken: bench.Generator = {
    name: 'gateway',
    run: (load) => {
      const { certPem = '', keyPem = '' } = load.credentials ?? {}
      const credentials = { caPem: stranger.caPem, certPem, keyPem }
      return gateway.run({ ...load, credentials })
    },
  }
  const { outcome, reason } = await conductAside(scenarioWith(mistaken))
  expect(reason).toMatch(/Expected m\d to show a certificate of the cluster's CA for 127\.0\.0\.1/)
  expect(outcome).toBe('broken')
})
