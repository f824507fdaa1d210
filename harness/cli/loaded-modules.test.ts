import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simulateEtcd } from '../checkers/testing/etcd-simulator.ts'
import { exitCodes } from '../core/errors.ts'
import { reportClients } from '../history/formats/robustness/write-report.ts'
import { writeReport } from '../history/formats/testing/write-report.ts'

/*
 * Loading modules is most of what a small `check` costs, and is paid for each of thousands of files. A
 * new static import that brings the engine, a form or a second checker along is seen here.
 */

const root = join(import.meta.dirname, '../..')
const history = join(root, 'fixtures/histories/etcd-valid-initial.jsonl')

let report = ''
beforeAll(() => {
  report = mkdtempSync(join(tmpdir(), 'gauntlet-report-'))
  const mix = { put: 40, delete: 5, range: 20 }
  const size = { operations: 20, keys: 2, processes: 3 }
  const simulated = simulateEtcd({ seed: 1, ...size, unknownShare: 0, metadataShare: 1, mix })
  writeReport(report, reportClients(simulated))
})
afterAll(() => rmSync(report, { recursive: true, force: true }))

/** Writes the addresses of all modules of a process to its standard error. */
const lister = `
  import { registerHooks } from 'node:module'
  const addresses = []
  registerHooks({ load(url, context, next) { addresses.push(url); return next(url, context) } })
  process.on('exit', () => process.stderr.write(JSON.stringify(addresses)))`

/** The packages that a command loads, and the folders of ours. */
async function modulesOf(...args: readonly string[]) {
  const preload = `data:text/javascript,${encodeURIComponent(lister)}`
  const main = join(import.meta.dirname, 'main.ts')
  const { stderr, exitCode } = await execa(process.execPath, ['--import', preload, main, ...args], {
    reject: false,
  })
  const files = (JSON.parse(stderr.split('\n').at(-1) ?? '') as readonly string[])
    .filter((address) => address.startsWith('file:'))
    .map((address) => placeOf(decodeURIComponent(address)))
  const packages = files.flatMap(
    (file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  )
  const ours = files.filter((file) => !file.startsWith('node_modules/'))
  return {
    exitCode,
    files,
    packages: [...new Set(packages)].toSorted(),
    folders: [...new Set(ours.map(folderOf))].toSorted(),
  }
}

/** A path below the root, or from `node_modules` on, which may be a link to those of another checkout. */
function placeOf(address: string): string {
  const at = address.indexOf('/node_modules/')
  return at < 0 ? (address.split(`${root}/`)[1] ?? address) : address.slice(at + 1)
}

/** Such as `harness/core`, and each folder of checkers. */
function folderOf(file: string): string {
  const parts = file.split('/').slice(0, -1)
  return parts.slice(0, parts[1] === 'checkers' ? 3 : 2).join('/')
}

const always = [
  'harness/bootstrap',
  'harness/cli',
  'harness/core',
  'harness/forms',
  'harness/history',
  'reports',
]

test('check of a robustness report loads the checker of etcd, and of packages two', async () => {
  const { exitCode, packages, folders, files } = await modulesOf('check', report)
  expect(exitCode).toBe(exitCodes.held)
  expect(packages).toEqual(['commander', 'typebox'])
  const checkers = ['etcd', 'judge', 'keys', 'verdict', 'watch'].map(
    (name) => `harness/checkers/${name}`,
  )
  expect(folders).toEqual([...always, 'harness/checkers', ...checkers].toSorted())
  // Its builders of schemas, for which core/schema/type.ts stands.
  expect(files.filter((file) => file.includes('typebox/build/type/'))).toEqual([])
})

test('check of a history loads the checkers of histories, and of packages two', async () => {
  const { packages, folders } = await modulesOf('check', history)
  expect(packages).toEqual(['commander', 'typebox'])
  const checkers = ['etcd', 'judge', 'register', 'set', 'verdict'].map(
    (name) => `harness/checkers/${name}`,
  )
  expect(folders).toEqual([...always, 'harness/checkers', ...checkers].toSorted())
})

test('check --help loads neither a reader nor a checker', async () => {
  const { packages, folders } = await modulesOf('check', '--help')
  expect(packages).toEqual(['commander'])
  expect(folders).toEqual(always)
})

test('the overview of all commands loads no client of an engine, of etcd or of vitest', async () => {
  const { exitCode, packages } = await modulesOf('--help')
  expect(exitCode).toBe(exitCodes.held)
  expect(packages).toContain('commander')
  const heavy = [
    'testcontainers',
    'dockerode',
    '@grpc/grpc-js',
    'etcd3',
    'autocannon',
    'execa',
    'vitest',
  ]
  expect(packages.filter((name) => heavy.includes(name))).toEqual([])
})
