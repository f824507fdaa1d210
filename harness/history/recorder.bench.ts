import { readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../core/errors.ts'
import { stderrLog } from '../core/log.ts'
import { runStandalone } from '../scenario/run-standalone.ts'
import type { Drill, Scenario } from '../scenario/scenario.ts'
import * as workloads from '../workload/presets.ts'
import type { HistoryEvent } from './operations.ts'

/**
 * How many operations a second are sent, answered and recorded beside a running cluster of three
 * members, on this machine, all in one process; then judged. Exit 1 below the limit, or when
 * anything but `held` comes out. The machine must be quiet: the output has the load average.
 */
const limitPerS = 2_000

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '2200' },
    seconds: { type: 'string', default: '10' },
  },
})
const ratePerS = Number(values.rate)
const seconds = Number(values.seconds)

const window = { fromNs: 0, toNs: 0 }
const scenario: Scenario = {
  id: 'benchmarks/recording',
  title: 'A dense load is recorded whole',
  depth: 'full',
  workload: { ...workloads.steady, ratePerS },
  faults: [],
  act: async (drill: Drill) => {
    window.fromNs = drill.nowNs()
    await drill.hold(seconds * 1_000)
    window.toNs = drill.nowNs()
  },
}

/** Of the file, not of what is in memory: what was not written was not recorded. */
function recordedIn(directory: string) {
  const text = readFileSync(join(directory, 'scenarios', scenario.id, 'history.jsonl'), 'utf8')
  const lines = text.trimEnd().split('\n').slice(1)
  const events = lines.map((line) => JSON.parse(line) as HistoryEvent)
  const inside = events.filter(({ timeNs }) => timeNs >= window.fromNs && timeNs < window.toNs)
  const of = (type: string) => inside.filter((event) => event.type === type).length
  return { ok: of('ok'), fail: of('fail'), info: of('info'), bytes: text.length }
}

async function main(): Promise<number> {
  const before = loadavg()[0] ?? 0
  const { record, directory } = await runStandalone(scenario, { log: stderrLog() })
  const { ok, fail, info, bytes } = recordedIn(directory)
  rmSync(directory, { recursive: true })
  const lengthS = (window.toNs - window.fromNs) / 1e9
  const recordedPerS = Math.round(ok / lengthS)
  console.log(`${record.outcome}: ${record.reason}`)
  console.log(`asked for ${ratePerS} operations/s for ${lengthS.toFixed(1)} s`)
  console.log(`recorded ${ok} ok, ${fail} fail, ${info} unknown; ${(bytes / 1e6).toFixed(1)} MB`)
  console.log(`${recordedPerS} answered and recorded operations/s, limit ${limitPerS}`)
  console.log(`load average ${before.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`)
  return recordedPerS >= limitPerS && record.outcome === 'held' ? 0 : 1
}

process.exitCode = await main().catch((thrown: unknown) => {
  console.error(messageOf(thrown))
  return 4
})
