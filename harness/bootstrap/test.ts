import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine } from './engine-find.mjs'
import { ensurePackages } from './packages.mjs'
import { isInstallForbidden, type SetUpError, stderrLog } from './setup-error.mjs'
import { browsers, detectSystem, findProgram } from './system.mjs'
import { closingLine, runStages, type Stage } from './test-stages.ts'

/*
 * `npm test`, which is what CI runs: lint, dead code, types, unit tests, then every suite in its CI
 * depth. Stops at the first stage that fails. The last line sums the unit tests and the suites.
 */

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'))
const unitReport = join(folder, 'unit.json')
const suitesReport = join(folder, 'suites.json')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** The same plans in every CI run, so that a failure comes from the change; a nightly run draws others. */
const seed = 7

const stages: readonly Stage[] = [
  { title: 'lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { title: 'dead code', command: [bin('knip'), '--no-progress'] },
  { title: 'types', command: ['npm', 'run', '--silent', 'types'] },
  {
    title: 'unit tests',
    command: [
      bin('vitest'),
      ...['run', '--project', 'unit', '--reporter=default', '--reporter=json'],
      `--outputFile.json=${unitReport}`,
    ],
    report: unitReport,
  },
  {
    title: 'suites, in CI depth',
    command: [
      process.execPath,
      join(root, 'harness/cli/main.ts'),
      ...['run', '--depth', 'ci', '--self-tests', '--seed', String(seed)],
    ],
    report: suitesReport,
    env: { GAUNTLET_COUNTS: suitesReport },
  },
]

try {
  await ensureTools()
  const outcome = await runStages(stages, root)
  process.stdout.write(`${closingLine(outcome)}\n`)
  process.exitCode = outcome.exitCode
} catch (thrown) {
  const { message, exitCode } = thrown as SetUpError
  process.stderr.write(`gauntlet: ${message}\n`)
  process.stdout.write(`${closingLine({ passed: 0, failed: 1 })}\n`)
  process.exitCode = exitCode ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Installs in one apt run what the stages would install one by one. Where it may not, they fail. */
async function ensureTools(): Promise<void> {
  const { family, root: isRoot } = detectSystem()
  if (family !== 'debian' || !isRoot || isInstallForbidden()) return
  const hasBrowser = browsers.some((name) => findProgram(name) !== undefined)
  const hasEngine = (await findEngine()) !== undefined
  const wanted = [
    ...(hasBrowser ? [] : ['chromium']),
    ...(hasEngine ? [] : ['docker.io', 'iptables']),
    'mmdebstrap',
  ]
  const why = 'a browser for the tests of the report, an engine and a builder for the suites'
  await ensurePackages(wanted, { why, log: stderrLog })
}
