import { defineConfig } from 'vitest/config'
import { engineTests, suiteTests, unitTests } from './harness/cli/run/vitest-settings.ts'

export default defineConfig({
  test: {
    // vitest leaves one processor free: of two it would use half.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'unit', ...unitTests } },
      { test: { name: 'engine', ...engineTests } },
      { test: { name: 'suites', ...suiteTests } },
    ],
  },
})
