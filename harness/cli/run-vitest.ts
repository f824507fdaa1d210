import { extname, join } from 'node:path'
import { createVitest, type Vitest } from 'vitest/node'
import { interruptScenarios } from '../scenario/interrupt.ts'
import { type Counts, type Progress, progressReporter } from './progress.ts'
import { isSelfTest, packageRoot, suiteFile } from './suites.ts'
import { engineTests, suiteTests } from './vitest-settings.ts'

export interface VitestOutcome {
  readonly counts: Counts
  readonly errors: readonly string[]
  readonly selfTestsFailed: boolean
}

/**
 * Runs the files once each: first those without timings, two at a time, then those with timings, one
 * at a time. The first SIGINT ends the scenario under way: it unwinds, is judged by what it has, and
 * the rest is reported as not run. A self test under way runs to its end. The second SIGINT exits at
 * once; the next start removes what is left.
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
  const run = (queue: string[], timeouts: Timeouts) =>
    runLane(queue, { progress, timeouts, interrupted: interrupted.signal })
  try {
    const untimedFailed = await Promise.all(
      untimed.slice(0, lanes).map(() => run(untimed, engineTests)),
    )
    const timedFailed = timed.length > 0 && (await run(timed, suiteTests))
    const { counts, errors } = progress
    return { counts, errors, selfTestsFailed: timedFailed || untimedFailed.includes(true) }
  } finally {
    stopListening()
  }
}

interface Lane {
  readonly progress: Progress
  readonly timeouts: Timeouts
  readonly interrupted: AbortSignal
}

/** Of one test and of one hook, in milliseconds; 0 is none. */
type Timeouts = Pick<typeof engineTests, 'testTimeout' | 'hookTimeout'>

/** Takes one file after the other off the queue; whether a self test failed. */
async function runLane(
  queue: string[],
  { progress, timeouts, interrupted }: Lane,
): Promise<boolean> {
  const vitest = await openVitest(progress, timeouts)
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

async function openVitest(
  progress: Progress,
  { testTimeout, hookTimeout }: Timeouts,
): Promise<Vitest> {
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)))
  const vitest = await createVitest({
    root: packageRoot,
    config: false,
    watch: false,
    include: [...suiteTests.include, ...engineTests.include],
    setupFiles: [join(import.meta.dirname, `skip-interrupted${extname(import.meta.filename)}`)],
    pool: 'threads',
    retry: suiteTests.retry,
    fileParallelism: suiteTests.fileParallelism,
    testTimeout,
    hookTimeout,
    disableConsoleIntercept: true,
    reporters: [progress],
  })
  // Vitest would exit at the first Ctrl-C, but a scenario needs time to unwind.
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
    // A signal to the process group may arrive twice: our parent process passes it on too.
    if (firstMs !== undefined && performance.now() - firstMs < echoMs) return
    if (firstMs !== undefined) process.exit(130)
    firstMs = performance.now()
    process.stderr.write('gauntlet: stopping; interrupt again to exit at once\n')
    stop()
  }
  for (const signal of signals) process.on(signal, onInterrupt)
  return () => {
    for (const signal of signals) process.off(signal, onInterrupt)
  }
}

const lanes = 2
const echoMs = 250
const signals = ['SIGINT', 'SIGTERM'] as const
