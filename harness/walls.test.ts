import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Folder → folders it may import from, beside itself. The table of docs/ARCHITECTURE.md. */
const mayImport: Record<string, readonly string[]> = {
  'harness/core': [],
  'harness/bootstrap': [],
  'harness/topology': ['harness/core'],
  'harness/pki': ['harness/core', 'harness/topology'],
  'harness/config': ['harness/core', 'harness/topology', 'harness/pki'],
  'harness/engine': ['harness/core', 'harness/bootstrap', 'harness/topology'],
  'harness/cluster': [
    'harness/core',
    'harness/topology',
    'harness/pki',
    'harness/config',
    'harness/engine',
  ],
  'harness/history': ['harness/core'],
  'harness/client': ['harness/core', 'harness/history'],
  'harness/faults': ['harness/core', 'harness/topology', 'harness/cluster'],
  'harness/lying-proxy': [
    'harness/core',
    'harness/topology',
    'harness/pki',
    'harness/history',
    'harness/client',
    'harness/cluster/types.ts',
  ],
  'harness/workload': ['harness/core', 'harness/history'],
  'harness/checkers': ['harness/core', 'harness/history'],
  'harness/run-record': ['harness/core', 'harness/history', 'harness/checkers', 'harness/topology'],
  'harness/load': ['harness/core', 'harness/history', 'harness/client'],
  'harness/scenario': ['harness/'],
  'harness/cli': ['harness/', 'reports'],
  suites: ['harness/index.ts', 'harness/vitest.ts', 'fixtures', 'reports'],
  fixtures: [],
  reports: [
    'harness/core',
    'harness/run-record',
    'harness/history',
    'harness/checkers',
    'harness/topology',
  ],
}

/** What only one folder may know. */
const onlyFor: Record<string, string> = {
  testcontainers: 'harness/engine',
  dockerode: 'harness/engine',
}

interface Import {
  readonly from: string
  readonly target: string
}

test('every import stays within the walls', () => {
  const imports = sourceFiles().flatMap(importsOf)
  expect(imports.length).toBeGreaterThan(20)
  expect(imports.flatMap(violationOf)).toEqual([])
})

test('an import through a wall is found', () => {
  const through = { from: 'harness/checkers/log.ts', target: 'harness/cluster/types.ts' }
  expect(violationOf(through)).toHaveLength(1)
  expect(violationOf({ from: 'harness/cluster/member.ts', target: 'testcontainers' })).toHaveLength(
    1,
  )
  expect(
    violationOf({ from: 'harness/faults/kill.ts', target: 'harness/client/kv.ts' }),
  ).toHaveLength(1)
})

function violationOf({ from, target }: Import): string[] {
  const folder = folderOf(from)
  if (folder === undefined) return []
  const owner = onlyFor[target]
  if (owner !== undefined && owner !== folder)
    return [`${from} imports ${target}: only ${owner} may`]
  if (isForTests(target)) return [`${from} imports ${target}: only tests may`]
  const isOurs = /^(harness|suites|fixtures|reports|docker)\//.test(target)
  if (!isOurs || target.startsWith(`${folder}/`)) return []
  const allowed = mayImport[folder] ?? []
  return allowed.some((path) => target.startsWith(path)) ? [] : [`${from} imports ${target}`]
}

function folderOf(file: string): string | undefined {
  const folder = Object.keys(mayImport).find((path) => file.startsWith(`${path}/`))
  if (folder === undefined && /^harness\/[^/]+\//.test(file)) {
    throw new Error(`Expected every folder of harness/ to be in the table of walls, got ${file}`)
  }
  return folder
}

const isForTests = (file: string) => /(\.test|\.bench)\.ts$|\/testing\//.test(file)

/** Test files may reach further: they put parts together. `harness/*.ts` is the public face. */
function sourceFiles(): string[] {
  return ['harness', 'suites', 'fixtures', 'reports'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !name.startsWith('out/'))
      .map((name) => join(top, name))
      .filter((file) => !isForTests(file)),
  )
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  const specifiers = source.matchAll(
    /^\s*(?:import|export)\s(?:[^'"();=]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...specifiers].map((match) => {
    const specifier = match[1] ?? match[2] ?? ''
    const target = specifier.startsWith('.')
      ? normalize(join(relative(root, join(root, dirname(file))), specifier))
      : specifier
    return { from: file, target }
  })
}
