import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleRun } from '../../run-record/testing/sample-run.ts'
import { verdictOf } from '../../run-record/verdict.ts'
import type { VitestOutcome } from './run-vitest.ts'
import { packageRoot } from './suites.ts'

// Each test starts a process that starts vitest, which takes seconds on a busy machine.

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gauntlet-suites-'))
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const imports = "import { beforeAll, describe, test } from 'vitest'\n"
const good = 'suites/good/good.test.ts'
const goodSuite = "test('holds', () => {})"

const failures: readonly (readonly [what: string, suite: string, error: RegExp])[] = [
  ['does not load', "import './missing.ts'", /missing\.ts/],
  ['throws while it loads', "throw new Error('no scenarios')", /^no scenarios$/],
  [
    'has a hook that fails',
    "describe('all', () => { beforeAll(() => { throw new Error('no image') }); test('t', () => {}) })",
    /^no image$/,
  ],
  [
    'leaves a rejection unhandled',
    "test('t', async () => { void Promise.reject(new Error('left alone')); await new Promise(setImmediate) })",
    /left alone/,
  ],
  [
    'fills the heap of its thread',
    "test('t', () => { const all = []; for (;;) all.push(Array.from({ length: 1e5 }, Math.random)) })",
    /out of memory|memory limit/i,
  ],
  [
    'kills its thread',
    "test('t', async () => { process.reallyExit(1); await new Promise(() => {}) })",
    /exited unexpectedly/i,
  ],
]

test.each(failures)('a suite that %s is an error of the run, exit 3', async (_, suite, error) => {
  write('suites/bad/bad.test.ts', suite)
  write(good, goodSuite)
  const { exitCode, outcome } = await run({ files: ['suites/bad/bad.test.ts', good] })
  expect(exitCode).toBe(0)
  expect(
    outcome.errors.some((each) => error.test(each)),
    outcome.errors.join('\n'),
  ).toBe(true)
  // The suite after it was still judged.
  expect(outcome.counts.passed).toBeGreaterThan(0)
  expect(verdictOf({ ...sampleRun(), errors: outcome.errors }).exitCode).toBe(3)
})

test('an error in our own code while tests run is an error of the run', async () => {
  write(good, goodSuite)
  const inProgress = { files: [good], afterEach: "() => { throw new TypeError('no such file') }" }
  const { outcome } = await run(inProgress)
  expect(outcome.errors.join('\n')).toContain('no such file')
})

test('a rejection that nothing handles in this process is an error of the run', async () => {
  write(good, goodSuite)
  const later = "() => { setImmediate(() => Promise.reject(new Error('left alone'))) }"
  const { exitCode, outcome } = await run({ files: [good], afterEach: later })
  expect(exitCode).toBe(0)
  expect(outcome.errors).toContain('an error that nothing caught: left alone')
})

test('a self test failed only where one of its tests did, and the outcome says which and why', async () => {
  const file = 'suites/own/own.engine.test.ts'
  write(file, "test('t', () => { throw new Error('not detected') })")
  const { failedSelfTests: failed } = (await run({ files: [file] })).outcome
  expect(failed).toEqual([expect.stringMatching(/^✗ t .*not detected/s)])
  write(file, "import './missing.ts'")
  const { errors, failedSelfTests } = (await run({ files: [file] })).outcome
  expect({ errors: errors.length, failedSelfTests }).toEqual({ errors: 1, failedSelfTests: [] })
})

test("a suite's test that fails without a verdict is an error of the run, one with a verdict is none", async () => {
  const file = 'suites/bad/bad.test.ts'
  write(file, "test('t', () => { throw new Error('disk full') })")
  expect((await run({ files: [file] })).outcome.errors).toEqual(['t: disk full'])
  const verdict = "Object.assign(new Error('a/one broken'), { name: 'ScenarioFailure' })"
  write(file, `test('t', () => { throw ${verdict} })`)
  expect((await run({ files: [file] })).outcome).toMatchObject({
    errors: [],
    counts: { failed: 1 },
  })
})

test('a suite that has no failure is no error of the run', async () => {
  write(good, goodSuite)
  const { outcome } = await run({ files: [good] })
  const counts = { passed: 1, failed: 0, skipped: 0 }
  expect(outcome).toEqual({ counts, errors: [], failedSelfTests: [] })
})

test('a suite without timings runs beside the self tests', async () => {
  write(good, goodSuite)
  const { outcome } = await run({ files: [good], untimed: [good] })
  const counts = { passed: 1, failed: 0, skipped: 0 }
  expect(outcome).toEqual({ counts, errors: [], failedSelfTests: [] })
})

test('a self test of times runs when nothing else does', async () => {
  const beside = ['suites/own/one.engine.test.ts', 'suites/own/other.engine.test.ts']
  const timed = 'suites/own/pace.timed.engine.test.ts'
  const file = JSON.stringify(join(root, 'running'))
  const imports = "import { existsSync, mkdirSync, rmSync } from 'node:fs'\n"
  const busy = `test('t', async () => { mkdirSync(${file}, { recursive: true }); await new Promise((r) => setTimeout(r, 300)); rmSync(${file}, { recursive: true, force: true }) })`
  for (const one of beside) write(one, imports + busy)
  write(
    timed,
    `${imports}test('t', () => { if (existsSync(${file})) throw new Error('not alone') })`,
  )
  const { outcome } = await run({ files: [timed, ...beside] })
  expect(outcome.failedSelfTests).toEqual([])
  expect(outcome.counts).toEqual({ passed: 3, failed: 0, skipped: 0 })
})

test('a file in which no test is found is an error of the run', async () => {
  const { outcome } = await run({ files: ['suites/none/none.test.ts'] })
  expect(outcome.errors).toEqual(['no test was found in suites/none/none.test.ts'])
})

function write(file: string, source: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), `${imports}${source}\n`)
}

/** In a process of its own with a small heap, as `gauntlet run` calls it. */
async function run({
  files,
  untimed = [],
  afterEach = '() => {}',
}: {
  files: string[]
  untimed?: string[]
  afterEach?: string
}) {
  const script = `
    const { runVitest } = await import(${JSON.stringify(join(import.meta.dirname, 'run-vitest.ts'))})
    const given = ${JSON.stringify({ files, untimed, root })}
    const outcome = await runVitest({ ...given, afterEach: ${afterEach} })
    process.stdout.write('\\n' + JSON.stringify(outcome))
    process.exitCode = 0`
  const { exitCode, stdout } = await execa(
    process.execPath,
    ['--max-old-space-size=200', '--input-type=module', '-e', script],
    { reject: false, timeout: 100_000 },
  )
  return { exitCode, outcome: JSON.parse(stdout.split('\n').at(-1) ?? '') as VitestOutcome }
}
