import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DeadlineError } from '../core/errors.ts'
import { connectEngine } from '../engine/connect.ts'
import { MemberExitedError } from './errors.ts'
import type { ClusterPlan } from './plan.ts'
import { startCluster } from './start.ts'
import { clusterPlan, foundOf, toolboxImage } from './testing/setup.ts'

test('a flag that etcd does not know names the member, shows its log and leaves nothing', async () => {
  const settings = { m2: { extraFlags: ['--no-such-flag=1'] } }
  const { error, log, left } = await failedStart({ settings }, 'm2')
  expect(error).toBeInstanceOf(MemberExitedError)
  expect(error.message).toContain('Expected member `m2` to run, got exit status 2')
  expect(error.message).toContain('flag provided but not defined: -no-such-flag')
  expect(log).toContain('flag provided but not defined: -no-such-flag')
  expect(left).toEqual([])
})

test('a value that etcd rejects only after its start is reported the same way', async () => {
  const options = { 'election-timeout': '100', 'heartbeat-interval': '100' }
  const { error, log, left } = await failedStart({ settings: { m3: { options } } }, 'm3')
  expect(error).toBeInstanceOf(MemberExitedError)
  expect(error.message).toContain('Expected member `m3` to run, got exit status 1')
  expect(error.message).toMatch(/election-timeout\[100ms\]/)
  expect(log).toContain('election-timeout')
  expect(left).toEqual([])
})

test('a member that exits while the others wait for it is reported at once', async () => {
  const settings = { m3: { resources: { dataTmpfsBytes: 1_000_000 } } }
  const { error, log, left } = await failedStart({ settings }, 'm3')
  expect(error).toBeInstanceOf(MemberExitedError)
  expect(error.message).toMatch(
    /member `m3` to run, got exit status \d+; .*no space left on device/,
  )
  expect(log).toContain('no space left on device')
  expect(left).toEqual([])
})

test('a member that never becomes healthy is named, with every log saved and nothing left', async () => {
  const settings = { m1: { options: { 'initial-cluster-token': 'of-another-cluster' } } }
  const { error, log, left } = await failedStart({ settings, timeScale: 0.3 }, 'm1')
  expect(error).toBeInstanceOf(DeadlineError)
  expect(error.message).toContain('Waited 18000 ms for member `m1` to be healthy')
  expect(log).toContain('cluster ID mismatch')
  expect(left).toEqual([])
})

test('an image without etcd is an error of the environment and leaves nothing', async () => {
  const { error, left } = await failedStart({ image: toolboxImage }, 'm1')
  expect(error.message).toMatch(/to start, got: .*etcd.*not found/)
  expect(left).toEqual([])
})

async function failedStart(overrides: Partial<ClusterPlan>, member: string) {
  const saveLogsTo = await mkdtemp(join(tmpdir(), 'gauntlet-failed-start-'))
  try {
    const plan = clusterPlan({ ...overrides, saveLogsTo })
    const error = await startCluster(plan).then(
      async (cluster) => {
        await cluster[Symbol.asyncDispose]()
        throw new Error('Expected the start to fail, got a cluster')
      },
      (thrown: Error) => thrown,
    )
    const log = await readFile(join(saveLogsTo, `${member}.log`), 'utf8').catch(() => '')
    return { error, log, left: await foundOf(await connectEngine(), plan.runId) }
  } finally {
    await rm(saveLogsTo, { recursive: true, force: true })
  }
}
