/*
 * vitest's settings, for `vitest.config.ts` and for `gauntlet run`. Nothing is ever retried: a
 * scenario that fails once has failed. `vitest run` takes files with an engine one at a time: on a
 * small machine a second cluster's noise costs more than waiting. `gauntlet run` takes those without
 * timings two to four at a time, by the processors (run-vitest.ts).
 */

/** Where tests of our own parts that start containers lie, and how their names end. */
export const engineTestFolders = ['docker', 'harness', 'reports', 'suites']
export const engineTestEnding = '.engine.test.ts'
/** Of those for which nothing may run beside them. */
export const timedTestEnding = `.timed${engineTestEnding}`
const anyEngineTest = `**/*${engineTestEnding}`

/**
 * Longer than any unit test takes on a busy machine, of which most take milliseconds. A test for which
 * it matters how long something takes says so itself.
 */
const hangingUnitMs = 120_000

/**
 * Tests of our own parts, beside their source; they need no engine. All files of a worker run in one
 * process and load a module once: starting processes and loading modules took a quarter of the processor
 * time.
 */
export const unitTests = {
  isolate: false,
  include: ['{docker,docs,harness,reports,suites}/**/*.test.ts'],
  exclude: [anyEngineTest, 'suites/*/*.test.ts'],
  retry: 0,
  testTimeout: hangingUnitMs,
  hookTimeout: hangingUnitMs,
}

/** Longer than any test of our own parts, or check of conformance, takes on a busy machine. */
const hangingMs = 15 * 60_000

/** Tests of our own parts that start containers, and the proofs that a suite can be red. */
export const engineTests = {
  include: engineTestFolders.map((folder) => `${folder}/${anyEngineTest}`),
  retry: 0,
  fileParallelism: false,
  testTimeout: hangingMs,
  hookTimeout: hangingMs,
}

/**
 * What is asserted about etcd: one file a suite, which runs what the plan of a run names. Without a
 * timeout: chaos may last for hours, and every wait of a scenario has a deadline and names its state.
 */
export const suiteTests = {
  include: ['suites/*/*.test.{ts,js}'],
  exclude: [anyEngineTest],
  retry: 0,
  fileParallelism: false,
  testTimeout: 0,
  hookTimeout: 0,
}
