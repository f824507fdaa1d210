import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  formatRenamed,
  packageRoot,
  planSelection,
  scenariosOf,
  select,
  selfTestFiles,
  suiteFile,
  suiteNames,
  untimedSuites,
} from './suites.ts'

// The first import of every suite takes long on a busy machine.

test('every suite has the file that makes tests of its scenarios', () => {
  const missing = suiteNames().filter((name) => !existsSync(join(packageRoot, suiteFile(name))))
  expect(missing).toEqual([])
})

test('tests with an engine are self tests, a suite’s own file is not', () => {
  const files = selfTestFiles()
  expect(files).toContain('suites/track-record/issue-18089.engine.test.ts')
  expect(files).toContain('suites/conformance/lies-of-keys.engine.test.ts')
  expect(files.filter((file) => suiteNames().map(suiteFile).includes(file))).toEqual([])
})

test('conformance alone says that its scenarios measure no time', async () => {
  expect(await untimedSuites(suiteNames())).toEqual(['conformance'])
})

test('an id of an earlier release selects the scenario of today, and a line says so', async () => {
  const { suites, ids, renamed } = await select([
    'quorum-loss/leader-deaf',
    'quorum-loss/leader-killed-plain',
    'track-record/unaware-18089',
    'quorum-loss/leader-killed',
  ])
  expect(suites).toEqual(['quorum-loss', 'track-record'])
  expect(ids).toEqual([
    'quorum-loss/leader-drop-incoming',
    'quorum-loss/leader-killed-no-tls',
    'track-record/generic-18089',
    'quorum-loss/leader-killed',
  ])
  expect(renamed.map(formatRenamed)[0]).toBe(
    'quorum-loss/leader-deaf is now quorum-loss/leader-drop-incoming; the old name goes in 0.3.0',
  )
  expect(renamed).toHaveLength(3)
})

test('a suite obeys the depth, and a scenario that is given beside it runs at any', async () => {
  const plan = async (...names: string[]) => planSelection(await select(names), 'quick')
  const suite = await plan('quorum-loss')
  const seeded = await plan('chaos/seeded')
  expect(suite.filter(({ skip }) => skip !== undefined)).not.toEqual([])
  expect(await plan('quorum-loss', 'chaos/seeded')).toEqual([...suite, ...seeded])
  expect(seeded.map(({ id, skip }) => [id, skip])).toEqual([['chaos/seeded', undefined]])
})

test('a scenario that is given beside its own suite runs at any depth, once', async () => {
  const deep = (await scenariosOf('quorum-loss')).find(({ depth }) => depth === 'full')?.id ?? ''
  const planned = await planSelection(await select(['quorum-loss', deep]), 'quick')
  expect(planned.filter(({ id }) => id === deep).map(({ skip }) => skip)).toEqual([undefined])
  expect(planned).toHaveLength((await scenariosOf('quorum-loss')).length)
})

test('an id that no release knew is an error that lists those there are', async () => {
  await expect(select(['chaos/none'])).rejects.toThrow(/one of chaos\/seeded, got `chaos\/none`/)
})

test('ids of scenarios, of today and of earlier releases, are unique', async () => {
  const scenarios = (await Promise.all(suiteNames().map(scenariosOf))).flat()
  const ids = scenarios.flatMap(({ id, formerIds = [] }) => [id, ...formerIds])
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
})
