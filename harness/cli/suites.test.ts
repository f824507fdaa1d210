import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, selfTestFiles, suiteFile, suiteNames } from './suites.ts'

test('every suite has the file that makes tests of its scenarios', () => {
  const missing = suiteNames().filter((name) => !existsSync(join(packageRoot, suiteFile(name))))
  expect(missing).toEqual([])
})

test('tests with an engine are self tests, a suite’s own file is not', () => {
  const files = selfTestFiles()
  expect(files).toContain('suites/track-record/issue-18089.engine.test.ts')
  expect(files).toContain('harness/lying-proxy/detection.engine.test.ts')
  expect(files.filter((file) => suiteNames().map(suiteFile).includes(file))).toEqual([])
})
