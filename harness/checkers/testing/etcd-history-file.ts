import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeLine } from '../../history/codec.ts'
import type { Verdict } from '../checker.ts'
import { type EtcdSimulation, headerOf, streamEtcd } from './etcd-simulator.ts'

/** How `gauntlet check` judged a file, its start included. */
export interface CheckedFile {
  readonly verdict: Verdict
  readonly ms: number
  /** The most memory that the process held at a time. */
  readonly peakBytes: number
  readonly fileBytes: number
}

const command = join(import.meta.dirname, '../../cli/main.ts')
/** Imported before the command: a last line has the most memory that it held, in bytes. */
const reportsPeak = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.log(process.resourceUsage().maxRSS * 1024))",
)}`
const timeoutS = 7_200

/** Simulates a history into a file and judges it by the command, with a heap of this size. */
export function checkSimulatedFile(simulation: EtcdSimulation, heapMiB: number): CheckedFile {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-checkers-'))
  try {
    const file = join(folder, 'history.jsonl')
    writeSimulatedHistory(file, simulation)
    const startedMs = performance.now()
    const options = [`--max-old-space-size=${heapMiB}`, '--import', reportsPeak, command]
    const stdout = execFileSync(
      process.execPath,
      [...options, 'check', '--json', '--timeout-s', `${timeoutS}`, file],
      { encoding: 'utf8' },
    )
    const ms = Math.round(performance.now() - startedMs)
    const [verdict = '', peak = ''] = stdout.trim().split('\n')
    return {
      verdict: JSON.parse(verdict),
      ms,
      peakBytes: Number(peak),
      fileBytes: statSync(file).size,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const linesWritten = 10_000

function writeSimulatedHistory(file: string, simulation: EtcdSimulation): void {
  const out = openSync(file, 'w')
  const lines = [encodeLine(headerOf(simulation))]
  streamEtcd(simulation, {
    emit: (event) => {
      lines.push(encodeLine(event))
      if (lines.length > linesWritten) writeSync(out, lines.splice(0).join(''))
    },
  })
  writeSync(out, lines.join(''))
  closeSync(out)
}
