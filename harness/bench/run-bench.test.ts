import { expect, test } from 'vitest'
import { silentLog } from '../core/log.ts'
import { answerOk, answerStatus, serve } from '../load/http2/testing/grpc-server.ts'
import { parseMetrics } from '../load/index.ts'
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

const histogram = (name: string) => `${name}_bucket{le="+Inf"} 0
${name}_sum 0
${name}_count 0
`
const page = `process_cpu_seconds_total 1
process_resident_memory_bytes 1
${histogram('etcd_disk_wal_fsync_duration_seconds')}${histogram('etcd_disk_backend_commit_duration_seconds')}`

/** A cluster in which each tenth put times out, and takes effect within the next round. */
async function startLateCluster(onPut: (count: number) => void = () => {}) {
  let [revision, late] = [1, 0]
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
  return clusterAt(endpoint, { readRevision: () => revision })
}

/** A cluster that takes every put, each of which fills its database by this share of the quota. */
async function startFillingCluster(order: { readonly fullBy: number; readonly atFirst: number }) {
  let puts = 0
  const { endpoint } = await serve((stream, body, count) => {
    puts++
    answerOk(stream, body, count)
  })
  const quotaShare = () => order.atFirst + puts * order.fullBy
  return {
    ...clusterAt(endpoint, { readRevision: () => 1 + puts, quotaShare }),
    puts: () => puts,
  }
}

interface State {
  readonly readRevision: () => number
  readonly quotaShare?: () => number
}

function clusterAt(endpoint: string, { readRevision, quotaShare = () => 0 }: State) {
  let removals = 0
  return {
    readRevision: async () => readRevision(),
    readMetrics: async () => new Map([['m1', { ...parseMetrics(page), quotaShare: quotaShare() }]]),
    reclaim: async () => {},
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

test('a database that is nearly full gets no write', async () => {
  await using cluster = await startFillingCluster({ atFirst: 0.8, fullBy: 0 })
  const running = runBench({ cluster, plan, peers: [], log: silentLog })
  await expect(running).rejects.toThrow(/^Expected the database of m1 below 80 % .*, got 80 %/)
  expect(cluster.puts()).toBe(0)
})

test('a database that fills up meanwhile ends the measurement, and its keys are removed', async () => {
  await using cluster = await startFillingCluster({ atFirst: 0.2, fullBy: 1 })
  const endless = { ...plan, mostRequests: 100_000_000, rounds: 1 }
  const running = runBench({ cluster, plan: endless, peers: [], log: silentLog })
  await expect(running).rejects.toThrow(/^Expected the database of m1 below 80 %/)
  expect(cluster.removals()).toBe(1)
})
