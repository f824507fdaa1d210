import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import {
  type Import,
  importsOf,
  isForTests,
  readSource,
  root,
  sourceFiles,
} from './testing/sources.ts'
import { secrets, type Wall, walls } from './walls.ts'

const production = sourceFiles().filter((file) => !isForTests(file) && file !== 'harness/walls.ts')
const imports = production.flatMap((file) => importsOf(file, readSource(file)))

test('every import stays within the walls', () => {
  expect(imports.length).toBeGreaterThan(500)
  expect(imports.flatMap(findViolation)).toEqual([])
})

test.each([
  ['harness/checkers/logs.ts', 'harness/cluster/types.ts'],
  ['harness/faults/process/kill.ts', 'harness/client/kv.ts'],
  ['harness/faults/process/kill.ts', 'harness/cluster/types.ts'],
  ['harness/core/log.ts', 'harness/history/join.ts'],
  ['suites/chaos/scenarios.ts', 'suites/throughput/measure-round.ts'],
  ['suites/shared/rejection.ts', 'suites/chaos/scenarios.ts'],
  ['suites/chaos/scenarios.ts', 'harness/cluster/types.ts'],
  ['harness/index.ts', 'harness/checkers/testing/etcd-oracle.ts'],
  ['harness/scenario/conduct.ts', 'harness/checkers/checkers.bench.ts'],
  ['harness/scenario/conduct.ts', 'reports/report.ts'],
  ['reports/report.ts', 'harness/checkers/checker.ts'],
  ['harness/checkers/logs.ts', 'node:fs'],
  ['harness/cluster/member/running-member.ts', 'testcontainers'],
])('%s must not import %s', (from, target) => {
  expect(findViolation({ from, target, isType: false, statement: '' })).toHaveLength(1)
})

test('a type may pass where a value may not', () => {
  const target = 'harness/cluster/types.ts'
  expect(
    findViolation({ from: 'harness/faults/process/kill.ts', target, isType: true, statement: '' }),
  ).toEqual([])
})

test('only scenario and the command line see both faults and clients', () => {
  const sees = (path: string, target: string) =>
    imports.some((one) => isBelow(one.from, path) && isBelow(one.target, target))
  const both = walls
    .map(({ path }) => path)
    .filter((path) => path.startsWith('harness/') && !path.endsWith('.ts'))
    .filter((path) => sees(path, 'harness/faults') && sees(path, 'harness/client'))
  expect(['harness/scenario', 'harness/cli']).toEqual(expect.arrayContaining(both))
})

test.each(secrets)('only the folders that know $word name it', ({ word, known }) => {
  const strangers = production.filter((file) => !known.some((folder) => isBelow(file, folder)))
  expect(strangers.filter((file) => word.test(readSource(file)))).toEqual([])
  expect(production.filter((file) => word.test(readSource(file)))).not.toEqual([])
})

test('only harness/topology compares versions of etcd: others ask for a feature or give a range', () => {
  const compares = /\b(compareVersions|isSince|hasReached)\b/
  const files = production.filter((file) => compares.test(readSource(file)))
  expect(files).toContain('harness/topology/etcd-features.ts')
  expect(files.filter((file) => !isBelow(file, 'harness/topology'))).toEqual([])
})

const tracked = spawnSync('git', ['ls-files', '--stage'], { cwd: root, encoding: 'utf8' })

// A link named node_modules replaces the modules of whoever pulls it.
test.skipIf(tracked.status !== 0)('no file of the project is a symbolic link', () => {
  const files = tracked.stdout.split('\n')
  expect(files.length).toBeGreaterThan(500)
  expect(files.filter((line) => line.startsWith('120000 '))).toEqual([])
})

const ioModules = /^node:(fs|net|tls|dgram|dns|http|child_process|worker_threads|cluster)/
const pureImport = /^import type |^import \{ isIP \} from 'node:net'/

function findViolation({ from, target, isType, statement }: Import): string[] {
  const wall = wallOf(from)
  const violation = [`${from} imports ${target}`]
  if (isForTests(target)) return violation
  if (/^(testcontainers|dockerode)(\/|$)/.test(target)) {
    return wall.path === 'harness/engine' ? [] : violation
  }
  if (wall.hasNoIo && ioModules.test(target) && !pureImport.test(statement)) return violation
  const isOurs = /^(harness|suites|fixtures|reports|docker|docs)\//.test(target)
  if (!isOurs || isBelow(target, ownFolder(wall, from))) return []
  const allowed = isType ? [...wall.mayImport, ...(wall.mayImportTypes ?? [])] : wall.mayImport
  return allowed.some((path) => isBelow(target, path)) ? [] : violation
}

function wallOf(file: string): Wall {
  const found = walls.find(({ path }) => isBelow(file, path.replace(/\/\*$/, '')))
  if (found !== undefined) return found
  throw new RangeError(`Expected a row of harness/walls.ts for every folder, got ${file}`)
}

/** A row of `suites/*` stands for many folders: what one of them owns is its own folder. */
function ownFolder({ path }: Wall, file: string): string {
  return path.endsWith('/*') ? file.split('/').slice(0, 2).join('/') : path
}

function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`)
}
