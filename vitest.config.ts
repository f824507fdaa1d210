import { defineConfig } from 'vitest/config'

/**
 * Two projects: `unit` lies beside the source and needs no engine; `suites` raises containers.
 * Suites run one file at a time: on a small machine a second cluster's noise costs more than waiting.
 * Nothing is ever retried: a scenario that fails once has failed.
 */
export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['harness/**/*.test.ts', 'reports/**/*.test.ts', 'fixtures/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'suites',
          include: ['suites/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
