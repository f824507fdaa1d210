import { availableParallelism } from 'node:os'
import { extname, join } from 'node:path'
import { createVitest, type Vitest } from 'vitest/node'
import { messageOf } from '../../core/errors.ts'
import { formatLength } from '../../core/text/format-length.ts'
import { interruptScenarios } from '../../scenario/interrupt.ts'
import {
  collectUncaught,
  stopOnAbort,
  stopOnInterrupt,
  withoutListeners,
} from '../process/events.ts'
import { type Counts, type Progress, progressReporter } from './progress.ts'
import { openStatusLine } from './status-line.ts'
import { isSelfTest, isTimedSelfTest, packageRoot } from './suites.ts'
import type { TimeLeft } from './time-left.ts'
import { engineTests, suiteTests } from './vitest-settings.ts'

/** What ends a run before all of its scenarios are over. */
export interface RunBounds {
  /** What is not over then is ended as by an interrupt, in milliseconds. */
  readonly mostMs?: number
  /** A scenario other than a chaos begins by then or not at all, and the run is whole without it. */
  readonly lastBeginMs?: number
  /** Interrupts in place of the signals to this process, which the caller then listens to. */
  readonly interrupt?: AbortSignal
}

export interface VitestOutcome {
  readonly counts: Counts
  readonly errors: readonly string[]
  /** Of each self test that failed, its name and why. */
  readonly failedSelfTests: readonly string[]
}

/**
 * Runs the files once each: first those without timings, two to four at a time, then those with timings, one
 * at a time. The first SIGINT ends the scenario under way: it unwinds, is judged by what it has, and
 * the rest is reported as not run. A self test under way runs to its end. The second SIGINT exits at
 * once; the next start removes what is left. Does not throw: what failed outside of any scenario, in
 * this process too, is in `errors`, and what was judged before stays on record.
 */
export async function runVitest(
  options: RunBounds & {
    /** Tests by their path in the package. */
    readonly files: readonly string[]
    /** Those of them, beside the self tests, whose scenarios measure no time. */
    readonly untimed?: readonly string[]
    readonly afterEach: () => void
    /** What the paths of the files start at; default the package. */
    readonly root?: string
    /** The planned scenarios, for the progress. */
    readonly timeLeft?: TimeLeft
  },
): Promise<VitestOutcome> {
  const { files, root = packageRoot, timeLeft, interrupt } = options
  const progress = progressReporter(options.afterEach, timeLeft)
  using _status = openStatusLine(process.stderr, () => timeLeft?.current())
  const interrupted = new AbortController()
  const end = (why: string) => {
    interrupted.abort()
    progress.errors.push(why)
    interruptScenarios()
  }
  const onInterrupt = () => end('the run was interrupted')
  const stopListening = interrupt
    ? stopOnAbort(interrupt, onInterrupt)
    : stopOnInterrupt(onInterrupt)
  using _timer = endAfter(options.mostMs, end)
  const stopCollecting = collectUncaught(progress.errors)
  const isUntimed = (file: string) =>
    isSelfTest(file) ? !isTimedSelfTest(file) : options.untimed?.includes(file) === true
  if (files.length === 0) progress.errors.push('no suite was run')
  const [untimed, timed] = [files.filter(isUntimed), files.filter((file) => !isUntimed(file))]
  const run = (queue: string[], timeouts: Timeouts) =>
    runLane(queue, { progress, timeouts, root, interrupted: interrupted.signal }).catch(
      (thrown: unknown) => {
        progress.errors.push(`the test runner failed: ${messageOf(thrown)}`)
      },
    )
  try {
    await Promise.all(untimed.slice(0, lanes).map(() => run(untimed, engineTests)))
    const { selfTests = [], suites = [] } = Object.groupBy(timed, (file) =>
      isSelfTest(file) ? 'selfTests' : 'suites',
    )
    if (selfTests.length > 0) await run(selfTests, engineTests)
    if (suites.length > 0) await run(suites, suiteTests)
    const { counts, errors, failedSelfTests } = progress
    return { counts, errors, failedSelfTests }
  } finally {
    stopListening()
    stopCollecting()
  }
}

function endAfter(mostMs: number | undefined, end: (why: string) => void): Disposable {
  if (mostMs === undefined) return { [Symbol.dispose]: () => {} }
  const why = `the time of the run was over after ${formatLength(mostMs)}`
  const timer = setTimeout(() => end(why), mostMs)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

interface Lane {
  readonly progress: Progress
  readonly root: string
  readonly timeouts: Timeouts
  readonly interrupted: AbortSignal
}

/** Of one test and of one hook, in milliseconds; 0 is none. */
type Timeouts = Pick<typeof engineTests, 'testTimeout' | 'hookTimeout'>

/** Takes one file after the other off the queue. */
async function runLane(queue: string[], lane: Lane): Promise<void> {
  const vitest = await withoutListeners(() => openVitest(lane))
  try {
    while (!lane.interrupted.aborted) {
      const file = queue.shift()
      if (file === undefined) break
      const specifications = await vitest.globTestSpecifications([file])
      if (specifications.length === 0) lane.progress.errors.push(`no test was found in ${file}`)
      await vitest.runTestSpecifications(specifications)
    }
  } finally {
    await vitest.close()
  }
}

function openVitest({ progress, root, timeouts }: Lane): Promise<Vitest> {
  const { testTimeout, hookTimeout } = timeouts
  return createVitest({
    root,
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
}

/** A cluster takes about half a processor, and waits the rest of the time; more than four want memory. */
const lanes = Math.min(Math.max(availableParallelism(), 2), 4)
