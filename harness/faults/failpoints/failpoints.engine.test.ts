import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFailpoints } from '../../cluster/failpoints.ts'
import type { ClusterPlan } from '../../cluster/plan.ts'
import { startCluster } from '../../cluster/start.ts'
import type { Cluster } from '../../cluster/types.ts'
import { silentLog } from '../../core/log.ts'
import { connectEngine } from '../../engine/connect.ts'
import { hasFailpoints } from '../../engine/images/inspect.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { FaultError } from '../define-fault.ts'
import { at, inForce, put, undoTwice } from '../testing/setup.ts'
import { failpointPanic } from './failpoint-panic.ts'
import { failpointSleep } from './failpoint-sleep.ts'

const runId = 'failpoints-test'
const choosing = { architecture: 'native', allowBuild: true, log: silentLog } as const

test('a binary without failpoints is found out, and rejects their faults', async () => {
  const { reference: image, version } = await resolveImage(choosing)
  expect(await hasFailpoints(await connectEngine(), image)).toBe(false)
  const spec = {
    ...clusterSpec({ version }),
    members: clusterSpec({ version }).members.slice(0, 1),
  }
  await using cluster = await startCluster({ spec, runId, image })
  const { name } = at(cluster.members, 0)
  const choice = { names: ['beforeCommit'], seed: 1, chosen: new Map() }
  for (const fault of [failpointPanic(choice), failpointSleep(choice, 100)]) {
    await expect(fault.inject(cluster, [name])).rejects.toThrow(FaultError)
  }
  await cluster.untilHealthy()
})

/** A directory of such a build: no package has one. */
const binaries = process.env.ETCD_WITH_FAILPOINTS

describe.runIf(binaries !== undefined)('on a binary with failpoints', () => {
  let cluster: Cluster
  let names: readonly string[]
  const writing = new AbortController()

  beforeAll(async () => {
    const { reference: image, version } = await resolveImage({
      ...choosing,
      binaries: `${binaries}`,
    })
    expect(await hasFailpoints(await connectEngine(), image)).toBe(true)
    const plan: ClusterPlan = { spec: clusterSpec({ version }), runId, image }
    names = await listFailpoints(plan)
    cluster = await startCluster({ ...plan, failpoints: names })
    void keepWriting()
  })
  afterAll(async () => {
    writing.abort()
    await cluster?.[Symbol.asyncDispose]()
  })

  async function keepWriting() {
    while (!writing.signal.aborted) {
      const [member] = await cluster.followers().catch(() => [])
      if (member !== undefined) await put(cluster, member, 'k', 'v').catch(() => {})
    }
  }

  const reached: string[] = []

  test('members panic at five failpoints by name, and come back each time', async () => {
    const fault = failpointPanic({ names, seed: 1, chosen: new Map() })
    for (let count = 0; count < 5; count++) {
      const leader = await cluster.leader()
      const measure = await fault.probe(cluster, [leader.name])
      await using injected = await inForce(fault, cluster, leader)
      expect(await leader.isRunning()).toBe(false)
      const { observed, measured } = await measure()
      expect(observed).toBe(true)
      expect(measured[0]?.now).toBe(`gone, panicked at ${injected.undo.detail}`)
      reached.push(injected.undo.detail ?? '')
      await undoTwice(injected.undo, cluster)
    }
    for (const name of reached) expect(names).toContain(name)
    expect(new Set(reached).size).toBe(5)
  })

  test('a member sleeps at five others, each until its fault is undone', async () => {
    const others = names.filter((name) => !reached.includes(name))
    const fault = failpointSleep({ names: others, seed: 1, chosen: new Map() }, 100)
    for (let count = 0; count < 5; count++) {
      const leader = await cluster.leader()
      const measure = await fault.probe(cluster, [leader.name])
      expect(await measure()).toMatchObject({ observed: false })
      await using injected = await inForce(fault, cluster, leader)
      await expect.poll(async () => (await measure()).observed, { timeout: 10_000 }).toBe(true)
      reached.push(injected.undo.detail ?? '')
      await undoTwice(injected.undo, cluster)
      expect(await measure()).toMatchObject({ observed: false })
    }
    expect(new Set(reached).size).toBe(10)
    process.stdout.write(`reached: ${reached.join(', ')}\n`)
  })
})
