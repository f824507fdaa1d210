import { extname, join } from 'node:path'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import { interruptScenarios } from '../scenario/interrupt.ts'
import { type Counts, type Progress, progressReporter } from './progress.ts'
import { packageRoot, selfTestFiles } from './suites.ts'

export interface VitestOutcome {
  readonly counts: Counts
  readonly errors: readonly string[]
  readonly selfTestsFailed: boolean
}

/**
 * Runs the suites, nothing twice: scenarios one at a time, for the sake of their timings, and the
 * self tests, which judge none but as ratios, two files at a time. The first SIGINT ends the scenario under
 * way: it unwinds, is judged by what it has, and the rest is reported as not run. A self test under
 * way ends by itself. The second SIGINT leaves at once; the next start sweeps what was left.
 */
export async function runVitest(options: {
  /** Tests by their path in the package. */
  readonly files: readonly string[]
  readonly afterEach: () => void
}): Promise<VitestOutcome> {
  const progress = progressReporter(options.afterEach)
  const vitest = await openVitest(progress)
  let interrupted = false
  const stopListening = stopOnInterrupt(() => {
    interrupted = true
    progress.errors.push('the run was interrupted')
    interruptScenarios()
  })
  try {
    const files = await vitest.globTestSpecifications([...options.files])
    if (files.length === 0) progress.errors.push('no suite was run')
    for (const group of groupsOf(files)) {
      if (!interrupted) await vitest.runTestSpecifications(group)
    }
  } finally {
    stopListening()
    await vitest.close()
  }
  const failedSelfTests = vitest.state
    .getTestModules()
    .filter((module) => isSelfTest(module.moduleId) && module.state() === 'failed')
  const { counts, errors } = progress
  return { counts, errors, selfTestsFailed: failedSelfTests.length > 0 }
}

async function openVitest(progress: Progress): Promise<Vitest> {
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)))
  const vitest = await createVitest({
    root: packageRoot,
    config: false,
    watch: false,
    include: ['suites/*/*.test.{ts,js}'],
    setupFiles: [join(import.meta.dirname, `skip-interrupted${extname(import.meta.filename)}`)],
    pool: 'threads',
    maxWorkers: selfTestsAtOnce,
    retry: 0,
    // Every wait inside a scenario has its own deadline and says what it waited for.
    testTimeout: 0,
    hookTimeout: 0,
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

function groupsOf(files: readonly TestSpecification[]): TestSpecification[][] {
  const [selfTests, suites] = [true, false].map((wanted) =>
    files.filter(({ moduleId }) => isSelfTest(moduleId) === wanted),
  ) as [TestSpecification[], TestSpecification[]]
  const pairs = selfTests.flatMap((_, index) =>
    index % selfTestsAtOnce === 0 ? [selfTests.slice(index, index + selfTestsAtOnce)] : [],
  )
  return [...pairs, ...suites.map((file) => [file])]
}

function isSelfTest(file: string): boolean {
  return selfTestFiles().some((path) => file.endsWith(`/${path}`))
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

const selfTestsAtOnce = 2
const echoMs = 250
const signals = ['SIGINT', 'SIGTERM'] as const
