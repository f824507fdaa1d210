import { benchOwnCluster } from '../../bench/own-cluster.ts'
import type { BenchPlan } from '../../bench/plan.ts'
import { runBench } from '../../bench/run-bench.ts'
import { kneeOf } from '../../bench/sweep.ts'
import { startCluster } from '../../cluster/start.ts'
import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { newRunId } from '../../run-record/run-directory.ts'
import { timeScaleOf } from '../../scenario/build-plan.ts'
import type { RunPlan } from '../../scenario/plan.ts'
import type { LoadRate } from '../options/value.ts'
import type { Prepared } from '../prepare.ts'

/** As the background load's puts, from a closed loop up to the knee, in short windows. */
const plan: BenchPlan = {
  generator: 'lean',
  operation: 'put',
  target: 'all',
  clients: [256],
  connections: undefined,
  ratePerS: undefined,
  keyBytes: 32,
  valueBytes: 256,
  keys: 1_000,
  durationMs: 2_000,
  mostRequests: Number.MAX_SAFE_INTEGER,
  rounds: 1,
  sweep: true,
}

/**
 * The rate that `--load` means: of a share, the knee of the run's own cluster is measured first. Throws
 * an EnvironmentError when the machine is too busy to find one.
 */
export async function resolveLoad(
  rate: LoadRate,
  { spec, image, toolboxImage }: Prepared,
  log: Log,
): Promise<NonNullable<RunPlan['load']>> {
  if ('ratePerS' in rate) return { ratePerS: rate.ratePerS }
  log.step(`finding the knee, of which ${Math.round(rate.share * 100)} % are the load`)
  const timeScale = timeScaleOf(image)
  const runId = newRunId()
  const order = { spec, runId, image: image.reference, toolboxImage, timeScale, log }
  await using started = await startCluster(order)
  await using cluster = await benchOwnCluster(started, plan.target)
  const { measurements } = await runBench({ cluster, plan, peers: [], log })
  const kneePerS = kneeOf(measurements.filter(({ ratePerS }) => ratePerS !== undefined))
  if (kneePerS === null) {
    throw new EnvironmentError(
      'Expected to find the knee of the cluster, got none: this machine is too busy; give a rate such as `--load 500/s`',
    )
  }
  return { ratePerS: Math.max(1, Math.round(rate.share * kneePerS)), kneePerS }
}
