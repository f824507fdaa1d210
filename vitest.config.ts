import { defineConfig } from 'vitest/config'
import { engineTests, suiteTests, unitTests } from './harness/cli/run/vitest-settings.ts'

export default defineConfig({
  test: {
    // vitest leaves one processor to itself: of two, that is half.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'unit', ...unitTests } },
      { test: { name: 'engine', ...engineTests } },
      { test: { name: 'suites', ...suiteTests } },
    ],
  },
})
