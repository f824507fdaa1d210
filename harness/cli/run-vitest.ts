import { extname, join } from 'node:path'
import { createVitest, type Vitest } from 'vitest/node'
import { interruptScenarios } from '../scenario/interrupt.ts'
import { type Counts, type Progress, progressReporter } from './progress.ts'
import { isSelfTest, packageRoot, suiteFile } from './suites.ts'
import { engineTests, noRetry, suiteTests } from './vitest-settings.ts'

export interface VitestOutcome {
  readonly counts: Counts
  readonly errors: readonly string[]
  readonly selfTestsFailed: boolean
}

/**
 * Runs the suites, nothing twice: those with timings one file at a time, before them those without,
 * two at a time. The first SIGINT ends the scenario under way: it unwinds, is judged by what it has,
 * and the rest is reported as not run. A self test under way ends by itself. The second SIGINT
 * leaves at once; the next start sweeps what was left.
 */
export async function runVitest(options: {
  /** Tests by their path in the package. */
  readonly files: readonly string[]
  readonly afterEach: () => void
}): Promise<VitestOutcome> {
  const progress = progressReporter(options.afterEach)
  const interrupted = new AbortController()
  const stopListening = stopOnInterrupt(() => {
    interrupted.abort()
    progress.errors.push('the run was interrupted')
    interruptScenarios()
  })
  const { files } = options
  if (files.length === 0) progress.errors.push('no suite was run')
  const [untimed, timed] = [files.filter(isUntimed), files.filter((file) => !isUntimed(file))]
  const run = (queue: string[], timeoutMs: number) =>
    runLane(queue, { progress, timeoutMs, interrupted: interrupted.signal })
  try {
    const beside = await Promise.all(untimed.slice(0, lanes).map(() => run(untimed, hangingMs)))
    const alone = timed.length > 0 && (await run(timed, noTimeout))
    const { counts, errors } = progress
    return { counts, errors, selfTestsFailed: alone || beside.includes(true) }
  } finally {
    stopListening()
  }
}

interface Lane {
  readonly progress: Progress
  /** Of one test. */
  readonly timeoutMs: number
  readonly interrupted: AbortSignal
}

/** Takes one file after the other off the queue; whether a self test failed. */
async function runLane(
  queue: string[],
  { progress, timeoutMs, interrupted }: Lane,
): Promise<boolean> {
  const vitest = await openVitest(progress, timeoutMs)
  try {
    while (!interrupted.aborted) {
      const file = queue.shift()
      if (file === undefined) break
      await vitest.runTestSpecifications(await vitest.globTestSpecifications([file]))
    }
    return vitest.state
      .getTestModules()
      .some((module) => isSelfTest(module.moduleId) && module.state() === 'failed')
  } finally {
    await vitest.close()
  }
}

async function openVitest(progress: Progress, timeoutMs: number): Promise<Vitest> {
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)))
  const vitest = await createVitest({
    root: packageRoot,
    config: false,
    watch: false,
    include: [...suiteTests.include, ...engineTests.include],
    setupFiles: [join(import.meta.dirname, `skip-interrupted${extname(import.meta.filename)}`)],
    pool: 'threads',
    fileParallelism: false,
    ...noRetry,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    disableConsoleIntercept: true,
    reporters: [progress],
  })
  // Vitest would leave at the first Ctrl-C; a scenario needs the time to unwind.
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before.has(listener)) process.off(signal, listener)
    }
  }
  return vitest
}

/** Self tests judge timings as ratios at most; conformance has no outage to measure. */
function isUntimed(file: string): boolean {
  return isSelfTest(file) || file === suiteFile('conformance')
}

/** SIGTERM is how a CI job or a service manager interrupts. */
function stopOnInterrupt(stop: () => void): () => void {
  let firstMs: number | undefined
  const onInterrupt = () => {
    // One signal to a process group may arrive twice, once passed on by whoever started us.
    if (firstMs !== undefined && performance.now() - firstMs < echoMs) return
    if (firstMs !== undefined) process.exit(130)
    firstMs = performance.now()
    process.stderr.write('gauntlet: stopping; once more to leave at once\n')
    stop()
  }
  for (const signal of signals) process.on(signal, onInterrupt)
  return () => {
    for (const signal of signals) process.off(signal, onInterrupt)
  }
}

const lanes = 2
/** A chaos may last for hours; every wait of a scenario has a deadline and says what it waited for. */
const noTimeout = 0
/** Longer than any self test, or check of conformance, takes on a busy machine. */
const hangingMs = 15 * 60_000
const echoMs = 250
const signals = ['SIGINT', 'SIGTERM'] as const
