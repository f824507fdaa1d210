import { expect, test } from 'vitest'
import { silentLog } from '../core/log.ts'
import { answerOk, answerStatus, serve } from '../load/http2/testing/grpc-server.ts'
import { type BenchPlan, keyPrefix } from './plan.ts'
import { runBench } from './run-bench.ts'

const plan: BenchPlan = {
  generator: 'lean',
  operation: 'put',
  target: 'all',
  clients: [1],
  connections: undefined,
  ratePerS: undefined,
  keyBytes: keyPrefix.length + 8,
  valueBytes: 8,
  keys: 10,
  durationMs: 60_000,
  mostRequests: 20,
  rounds: 2,
  sweep: false,
}

/** A cluster in which each tenth put times out, and takes effect within the next round. */
async function startLateCluster(onPut: (count: number) => void = () => {}) {
  let [revision, late, removals] = [1, 0, 0]
  const { endpoint } = await serve((stream, body, count) => {
    onPut(count)
    if (count % 10 === 0) {
      late++
      return answerStatus(stream, '14', 'etcdserver: request timed out')
    }
    revision++
    if (count > plan.mostRequests) revision += late
    if (count > plan.mostRequests) late = 0
    answerOk(stream, body, count)
  })
  return {
    readRevision: async () => revision,
    readMetrics: async () => new Map(),
    expectNoKeys: async () => {},
    removeKeys: async () => {
      removals++
    },
    removals: () => removals,
    reach: async () => ({ targets: [{ member: 'm1', endpoint }], gatewayPrefix: '/v3' }),
    [Symbol.asyncDispose]: async () => {},
  }
}

test('writes of unknown outcome that take effect in the next round are no wrong count', async () => {
  await using cluster = await startLateCluster()
  const record = await runBench({ cluster, plan, peers: [], log: silentLog })
  const [, second] = record.measurements[0]?.rounds ?? []
  expect(second?.proof).toMatchObject({ holds: true, unsettled: 2 })
})

test('an interrupt ends the round under way, measures nothing more and removes the keys', async () => {
  const interrupt = new AbortController()
  await using cluster = await startLateCluster((count) => {
    if (count === 500) interrupt.abort()
  })
  const endless = { ...plan, mostRequests: 1_000_000 }
  const control = { log: silentLog, signal: interrupt.signal }
  const running = runBench({ cluster, plan: endless, peers: [], ...control })
  await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  expect(cluster.removals()).toBe(1)
})
