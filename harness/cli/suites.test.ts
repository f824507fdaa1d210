import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, selfTestFiles, suiteFile, suiteNames } from './suites.ts'

test('every suite has the file that makes tests of its scenarios', () => {
  const missing = suiteNames().filter((name) => !existsSync(join(packageRoot, suiteFile(name))))
  expect(missing).toEqual([])
})

test('other tests in a suite’s folder are self tests, the suite’s own file is not', () => {
  const files = selfTestFiles()
  expect(files).toContain('suites/track-record/issue-18089.test.ts')
  expect(files).toContain('suites/canaries/lies.test.ts')
  expect(files.filter((file) => suiteNames().map(suiteFile).includes(file))).toEqual([])
})
