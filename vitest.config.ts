import { defineConfig } from 'vitest/config'
import { engineTests, noRetry, suiteTests, unitTests } from './harness/cli/vitest-settings.ts'

const withEngine = {
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 600_000,
}

export default defineConfig({
  test: {
    ...noRetry,
    projects: [
      { test: { name: 'unit', ...unitTests, testTimeout: 20_000 } },
      { test: { name: 'engine', ...engineTests, ...withEngine } },
      { test: { name: 'suites', ...suiteTests, ...withEngine } },
    ],
  },
})
