import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderBenchPage } from '../../reports/html/throughput/bench-page.ts'
import { compareRatios } from '../bench/compare.ts'
import { formatBench } from '../bench/format.ts'
import { benchEndpoints } from '../bench/given-endpoints.ts'
import { endpointsOf } from '../bench/member-endpoints.ts'
import { benchOwnCluster } from '../bench/own-cluster.ts'
import { type BenchRun, runBench } from '../bench/run-bench.ts'
import { startCluster } from '../cluster/start.ts'
import { exitCodes, GauntletError, GuaranteeBrokenError } from '../core/errors.ts'
import { stderrLog } from '../core/log.ts'
import { readJson } from '../core/read-json.ts'
import { expectShape } from '../core/schema/validator.ts'
import { newRunId } from '../run-record/run-directory.ts'
import {
  type ThroughputRecord,
  throughputFile,
  throughputValidator,
} from '../run-record/throughput-record.ts'
import { timeScaleOf } from '../scenario/build-plan.ts'
import type { BenchOptions } from './options/bench.ts'
import { type BenchOrder, orderOf } from './options/bench-order.ts'
import { checkOptions, prepare } from './prepare.ts'
import { stopOnInterrupt } from './process/events.ts'

/**
 * Measures what the options order, writes its record and page, and prints the figures. An interrupt
 * ends the measurement, which then leaves no key and no record.
 */
export async function bench(options: BenchOptions): Promise<void> {
  const log = stderrLog()
  const order = orderOf(options)
  const baseline = options.baseline === undefined ? undefined : readRecord(options.baseline)
  const record = await untilInterrupt((signal) =>
    order.given === undefined
      ? onOwnCluster(order, options, { log, signal })
      : onGiven(order, { log, signal }),
  )
  const directory = join(options.out, newRunId())
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, throughputFile), `${JSON.stringify(record)}\n`)
  const page = join(directory, 'index.html')
  writeFileSync(page, renderBenchPage(record))
  log.step(`Report: ${page}`)
  const ratios = baseline === undefined ? [] : compareRatios(record, baseline)
  const { json } = options
  process.stdout.write(
    json === true ? `${JSON.stringify({ ...record, ratios })}\n` : formatBench(record, ratios),
  )
}

/** What `measure` resolves to; exit code 3 when the user interrupts it. */
async function untilInterrupt<T>(measure: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController()
  const forget = stopOnInterrupt(() => interrupt.abort())
  try {
    return await measure(interrupt.signal)
  } catch (thrown) {
    if (!interrupt.signal.aborted || thrown instanceof GuaranteeBrokenError) throw thrown
    throw new GauntletError('interrupted before the measurement was complete', {
      code: 'INTERRUPTED',
      exitCode: exitCodes.inconclusive,
      cause: thrown,
    })
  } finally {
    forget()
  }
}

type BenchControl = Required<Pick<BenchRun, 'log' | 'signal'>>

async function onOwnCluster(
  { plan, peersOf }: BenchOrder,
  options: BenchOptions,
  { log, signal }: BenchControl,
): Promise<ThroughputRecord> {
  checkOptions(presetName, options)
  const { spec, image, toolboxImage } = await prepare(presetName, options, log)
  const timeScale = timeScaleOf(image)
  const cluster = { spec, runId: newRunId(), image: image.reference, toolboxImage, timeScale, log }
  await using started = await startCluster(cluster)
  await using measured = await benchOwnCluster(started, plan.target, await endpointsOf(started))
  return await runBench({ cluster: measured, plan, peers: peersOf(started), log, signal })
}

const presetName = 'three-mtls'

async function onGiven(
  { plan, given }: BenchOrder,
  { log, signal }: BenchControl,
): Promise<ThroughputRecord> {
  if (given === undefined) throw new TypeError('Expected endpoints')
  log.warn('this writes to your cluster, under gauntlet-bench/, and removes that at the end')
  await using cluster = await benchEndpoints(given)
  return await runBench({ cluster, plan, peers: [], log, signal })
}

function readRecord(file: string): ThroughputRecord {
  const source = { what: 'a baseline', file }
  return expectShape(throughputValidator, readJson(file, 'a baseline'), source)
}
