import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ClusterPlan } from '../../cluster/plan.ts'
import type { Cluster } from '../../cluster/types.ts'
import { silentLog } from '../../core/log.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import type { ClusterSource } from './source.ts'
import { openClusterAhead } from './start-ahead.ts'

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-ahead-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const planOf = (scenario: string): ClusterPlan => ({
  spec: sampleSpec(),
  runId: 'run',
  image: 'etcd',
  saveLogsTo: join(directory, scenario),
})

/** A source of clusters that says what it started and what was disposed of. */
function observedSource() {
  const seen: string[] = []
  const source: ClusterSource = async ({ saveLogsTo = '' }) => {
    const name = saveLogsTo.slice(directory.length + 1)
    seen.push(`start ${name}`)
    if (name === 'fails') throw new Error('no image')
    const cluster = { name } as unknown as Cluster
    return { cluster, [Symbol.asyncDispose]: async () => void seen.push(`dispose ${name}`) }
  }
  return { seen, source }
}

test('the cluster that was started ahead is lent once, with the scenario’s own log', async () => {
  const { seen, source } = observedSource()
  await using ahead = openClusterAhead(source)
  ahead.start(planOf('a'))
  const loan = await ahead.lend({ ...planOf('a'), log: silentLog })
  expect(loan.cluster).toEqual({ name: 'a' })
  expect(seen).toEqual(['start a'])
  await ahead.lend(planOf('a'))
  expect(seen).toEqual(['start a', 'start a'])
})

test('a cluster of another plan is removed with its logs before a new one starts', async () => {
  const { seen, source } = observedSource()
  await using ahead = openClusterAhead(source)
  const logs = planOf('a').saveLogsTo ?? ''
  mkdirSync(logs)
  ahead.start(planOf('a'))
  const { cluster } = await ahead.lend(planOf('b'))
  expect(cluster).toEqual({ name: 'b' })
  expect(seen).toEqual(['start a', 'dispose a', 'start b'])
  expect(existsSync(logs)).toBe(false)
})

test('a cluster that no scenario took is removed at the end', async () => {
  const { seen, source } = observedSource()
  {
    await using ahead = openClusterAhead(source)
    ahead.start(planOf('a'))
  }
  expect(seen).toEqual(['start a', 'dispose a'])
})

test('a start that fails is the scenario’s to say', async () => {
  const { source } = observedSource()
  await using ahead = openClusterAhead(source)
  ahead.start(planOf('fails'))
  await expect(ahead.lend(planOf('fails'))).rejects.toThrow('no image')
})

test('a scenario that has its cluster gets no other one, and keeps its logs', async () => {
  const { seen, source } = observedSource()
  await using ahead = openClusterAhead(source)
  await ahead.lend(planOf('a'))
  const logs = planOf('a').saveLogsTo ?? ''
  mkdirSync(logs)
  ahead.start(planOf('a'))
  await ahead.lend(planOf('b'))
  expect(seen).toEqual(['start a', 'start b'])
  expect(existsSync(logs)).toBe(true)
})

test('after the end no cluster starts', async () => {
  const { seen, source } = observedSource()
  const ahead = openClusterAhead(source)
  await ahead[Symbol.asyncDispose]()
  ahead.start(planOf('a'))
  await ahead[Symbol.asyncDispose]()
  expect(seen).toEqual([])
})
