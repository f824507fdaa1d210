import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { testFiles } from '../../testing/sources.ts'
import { selfTestFiles, suiteFile, suiteNames } from './suites.ts'
import { engineTests, suiteTests, unitTests } from './vitest-settings.ts'

interface Project {
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
}

function has({ include, exclude = [] }: Project, file: string): boolean {
  const matches = (glob: string) => matchesGlob(file, glob)
  return include.some(matches) && !exclude.some(matches)
}

test('every test file belongs to exactly one of the projects unit, engine and suites', () => {
  const projects = [unitTests, engineTests, suiteTests]
  const files = testFiles()
  expect(files.length).toBeGreaterThan(100)
  const wrong = files.filter((file) => projects.filter((one) => has(one, file)).length !== 1)
  expect(wrong).toEqual([])
})

test('a test file of a suite is the one of its scenarios, or needs an engine', () => {
  const inSuites = testFiles().filter((file) => /^suites\/[^/]+\/[^/]+$/.test(file))
  const suites = suiteNames().map(suiteFile)
  expect(suites.length).toBeGreaterThan(5)
  const runByNone = inSuites.filter((file) => !suites.includes(file) && !has(engineTests, file))
  expect(runByNone).toEqual([])
})

test('`gauntlet run --self-tests` runs every test file of the project engine', () => {
  const files = testFiles().filter((file) => has(engineTests, file))
  expect(selfTestFiles()).toEqual(files.sort())
})
