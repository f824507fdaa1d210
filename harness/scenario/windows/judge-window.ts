import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { extname, join } from 'node:path'
import type { CheckerRegistry } from '../../checkers/judge/registry.ts'
import { ToolError } from '../../core/errors.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { replaceJson } from '../../run-record/files.ts'
import { readScenario } from '../../run-record/run-directory.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'

/** A window of two minutes at the highest rate of a chaos takes some two thirds of it. */
const mostHeapMb = 600

/**
 * Judges a window's directory and saves its record there, in a child process of low priority with a
 * bounded heap: neither the workload's timing nor the run's memory depends on it. Throws a ToolError
 * for a process that does not finish. Checkers that only this process has judge here.
 */
export async function judgeWindow(
  directory: string,
  registry?: CheckerRegistry,
): Promise<ScenarioRecord> {
  const { record } = evidencePaths(directory)
  if (registry === undefined) await judgeInChild(directory)
  else replaceJson(record, judgeScenario(await readEvidence(directory), registry))
  return readScenario(record)
}

async function judgeInChild(directory: string): Promise<void> {
  const program = join(import.meta.dirname, `judge-process${extname(import.meta.filename)}`)
  const child = fork(program, [directory], {
    execArgv: [`--max-old-space-size=${mostHeapMb}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  lowerPriority(child)
  const said = collectLast(child)
  const [code, signal] = await once(child, 'exit')
  if (code === 0) return
  const found = `exit ${code ?? signal}: ${said()}`
  throw new ToolError(`Expected the judging of ${directory} to finish, got ${found}`)
}

/**
 * Behind the workload and the members, and yet soon enough: at the lowest priority a busy machine
 * judges slower than windows come. A process that has exited by now has no priority.
 */
function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {}
}

const mostChars = 2_000

/** What the process wrote to its standard error last, on one line. */
function collectLast({ stderr }: ChildProcess): () => string {
  let text = ''
  stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-mostChars)
  })
  return () => text.replaceAll(/\s+/g, ' ').trim()
}
