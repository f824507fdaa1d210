/**
 * What `vitest.config.ts` and `gauntlet run` have in common. Tests with an engine run one file at a
 * time: on a small machine a second cluster's noise costs more than waiting. Nothing is ever
 * retried: a scenario that fails once has failed.
 */
export const noRetry = { retry: 0 }

/** Tests of our own parts, beside their source; they need no engine. */
export const unitTests = {
  include: ['{harness,reports,suites,docs}/**/*.test.ts'],
  exclude: ['**/*.engine.test.ts', 'suites/*/*.test.ts'],
}

/** Tests of our own parts that start containers, and the proofs that a suite can be red. */
export const engineTests = { include: ['{docker,harness,reports,suites}/**/*.engine.test.ts'] }

/** What is asserted about etcd: one file a suite, which runs what the plan of a run names. */
export const suiteTests = {
  include: ['suites/*/*.test.{ts,js}'],
  exclude: ['**/*.engine.test.ts'],
}
