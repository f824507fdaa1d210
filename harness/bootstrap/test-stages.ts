import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { passSignals } from './script.mjs'

export interface Stage {
  readonly title: string
  readonly command: readonly [string, ...string[]]
  /** Where it writes its counts; without one, a failure counts as one failed test. */
  readonly report?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface TestCounts {
  readonly passed: number
  readonly failed: number
}

export interface StageOutcome extends TestCounts {
  readonly exitCode: number
}

/**
 * Runs the stages in order until one fails, and returns that one's exit code. A failed stage counts
 * as at least one failed test, whatever its report says.
 */
export async function runStages(stages: readonly Stage[], cwd: string): Promise<StageOutcome> {
  let [passed, failed] = [0, 0]
  for (const stage of stages) {
    process.stdout.write(`\n── ${stage.title}\n`)
    const exitCode = await runStage(stage, cwd)
    const counts = countsOf(stage)
    passed += counts.passed
    failed += exitCode === 0 ? counts.failed : Math.max(1, counts.failed)
    if (exitCode !== 0) {
      process.stdout.write(`\n── ${stage.title} failed with exit code ${exitCode}\n`)
      return { passed, failed, exitCode }
    }
    // A report of failures with exit code 0 is a defect of the stage: it must not pass.
    if (counts.failed > 0) return { passed, failed, exitCode: 1 }
  }
  return { passed, failed, exitCode: 0 }
}

/** The last line of the output, for programs that read the log. */
export function closingLine({ passed, failed }: TestCounts): string {
  return `${passed} passed, ${failed} failed`
}

function runStage({ command, env }: Stage, cwd: string): Promise<number> {
  const [file, ...args] = command
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })
    const stopPassing = passSignals(child)
    const end = (code: number) => {
      stopPassing()
      resolve(code)
    }
    child.on('error', (error) => {
      process.stderr.write(`gauntlet: ${file} did not start: ${error.message}\n`)
      end(4)
    })
    child.on('exit', (code) => end(code ?? 130))
  })
}

/** vitest's JSON report, or the counts that `gauntlet run` writes. */
function countsOf({ report }: Stage): TestCounts {
  if (report === undefined) return { passed: 0, failed: 0 }
  try {
    const read = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number | undefined>
    return {
      passed: read.numPassedTests ?? read.passed ?? 0,
      failed: read.numFailedTests ?? read.failed ?? 0,
    }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
