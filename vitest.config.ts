import { defineConfig } from 'vitest/config'
import { engineTests, suiteTests, unitTests } from './harness/cli/run/vitest-settings.ts'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...unitTests } },
      { test: { name: 'engine', ...engineTests } },
      { test: { name: 'suites', ...suiteTests } },
    ],
  },
})
