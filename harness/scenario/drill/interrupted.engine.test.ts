import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { etcdImage, toolboxImage } from '../../cluster/testing/setup.ts'
import type { Cluster } from '../../cluster/types.ts'
import { silentLog } from '../../core/log.ts'
import type { Fault } from '../../faults/fault.ts'
import * as faults from '../../faults/index.ts'
import { arriving, traces } from '../../faults/testing/wire.ts'
import * as workloads from '../../workload/presets.ts'
import { buildPlan } from '../build-plan.ts'
import { conduct } from '../conduct.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gauntlet-interrupted-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a run that is interrupted with faults in force undoes them before it ends', async () => {
  const interrupt = new AbortController()
  const seen: string[] = []
  const watched = (fault: Fault, look: (cluster: Cluster) => Promise<unknown>): Fault => ({
    ...fault,
    inject: async (cluster, targets) => {
      const undo = await fault.inject(cluster, targets)
      seen.push(`${fault.name} in force: ${await look(cluster)}`)
      return async () => {
        await undo()
        seen.push(`${fault.name} undone: ${await look(cluster)}`)
      }
    },
  })
  const m1 = (cluster: Cluster) => cluster.member('m1')
  const m2 = (cluster: Cluster) => cluster.member('m2')
  const isolate = watched(faults.isolate, async (cluster) => arriving(m1(cluster), m2(cluster)))
  const latency = watched(faults.latency({ delayMs: 30, way: 'proxy' }), async (cluster) =>
    (await traces(m2(cluster))).includes('REDIRECT') ? 'rerouted' : 'direct',
  )
  const flapping = watched(
    faults.flapping(faults.dropIncoming, { onMs: 60_000, offMs: 50, times: 9 }),
    async (cluster) => arriving(m1(cluster), cluster.member('m3')),
  )
  const kill = watched(faults.kill, async (cluster) => m2(cluster).isRunning())
  const scenario: Scenario = {
    id: 'faults/interrupted',
    title: 'An interrupted run undoes the faults in force',
    depth: 'quick',
    workload: workloads.steady,
    faults: [isolate, latency, flapping, kill],
    act: async ({ cluster, inject, hold }) => {
      await inject(latency, [m2(cluster)])
      await inject(flapping, [cluster.member('m3')])
      await inject(isolate, [m1(cluster)])
      await inject(kill, [m2(cluster)])
      setTimeout(() => interrupt.abort(new Error('interrupted by the user')), 300)
      await hold(600_000)
    },
  }
  const startedMs = performance.now()
  const record = await conduct(scenario, runPlan(), { log: silentLog, signal: interrupt.signal })
  expect(performance.now() - startedMs).toBeLessThan(60_000)
  expect(record.outcome).not.toBe('held')
  expect(seen).toEqual([
    'latency in force: rerouted',
    'flapping-drop-incoming in force: 0',
    'isolate in force: 0',
    'kill in force: false',
    'kill undone: true',
    'isolate undone: 20',
    'flapping-drop-incoming undone: 20',
    'latency undone: direct',
  ])
})

function runPlan(): RunPlan {
  const runId = `suite-faults-${randomBytes(4).toString('hex')}`
  return buildPlan({ runId, directory, depth: 'quick', image: etcdImage, toolboxImage })
}
