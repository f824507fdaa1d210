import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveMatrix } from '../harness/run-record/matrix-record.ts'
import { writeRun } from '../harness/run-record/run-directory.ts'
import type { ScenarioRecord } from '../harness/run-record/run-record.ts'
import { sampleRun } from '../harness/run-record/testing/sample-run.ts'
import { matrixAsJson, readMatrixView, writeMatrixPage } from './matrix.ts'
import { renderMatrixTerminal } from './matrix-terminal.ts'
import { hostile } from './testing/hostile.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-matrix-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Scenarios = readonly Partial<ScenarioRecord>[]

/** A cell a list of scenarios, and one more that could not run. */
function save(cells: readonly Scenarios[], reason = 'no emulation') {
  const ran = cells.map((scenarios, at) => {
    const run = `run-${at}`
    writeRun({ path: join(folder, run) }, { ...sampleRun(scenarios), id: run })
    return { name: `v${at}`, values: { etcd: `v${at}` }, exitCode: 0 as const, run }
  })
  const missing = { name: 'v9', values: { etcd: 'v9' }, exitCode: 4 as const, reason }
  saveMatrix(folder, {
    format: 'gauntlet-matrix/1',
    seed: 7,
    startedAt: '2026-01-31T11:45:02.000Z',
    command: 'gauntlet run --matrix etcd=v0,v1,v9',
    cells: [...ran, missing],
  })
  return readMatrixView(folder)
}

const outage = (writeOutageMs: number, acknowledgedLost = 0) => ({
  measures: { writeOutageMs, readOutageMs: null, acknowledgedLost },
})
const unrun = {
  id: 'chaos/seeded',
  outcome: 'not-run',
  reason: 'only from --depth full on',
} as const

test('a matrix has a row for each scenario that ran, and an empty entry for a cell without a run', () => {
  const { rows } = save([
    [outage(900), unrun],
    [outage(1_000), unrun],
  ])
  expect(rows.map(({ id }) => id)).toEqual(['quorum-loss/leader-killed'])
  expect(rows[0]?.entries.map((entry) => entry?.outcome)).toEqual(['held', 'held', undefined])
})

test.each([
  ['another outcome', [outage(900)], [{ ...outage(900), outcome: 'broken' }], ['outcome']],
  ['an outage of twice and a second more', [outage(900)], [outage(1_900)], ['writeOutageMs']],
  ['a shorter outage by as much', [outage(4_000)], [outage(1_000)], ['writeOutageMs']],
  ['an outage of twice, less than a second more', [outage(400)], [outage(900)], []],
  ['an outage a second longer, less than twice', [outage(3_000)], [outage(4_500)], []],
  ['one more lost write', [outage(900)], [outage(900, 1)], ['acknowledgedLost']],
  ['a measure that is missing', [outage(900)], [{ measures: {} }], []],
] as const)('%s is marked as it should be', (_, first, second, expected) => {
  const { rows } = save([first, second])
  expect(rows[0]?.entries.map((entry) => entry?.differences)).toEqual([[], expected, undefined])
})

test('the terminal shows outcomes and measures, and outcomes alone where it is narrow', () => {
  const view = save([[outage(900)], [{ ...outage(2_000), outcome: 'broken' }]])
  expect(renderMatrixTerminal(view, { color: false, width: 100 }).split('\n')).toEqual([
    'scenario                   v0                v1                  v9',
    'quorum-loss/leader-killed  ✔ 900 ms / – / 0  ✘ 2.00 s / – / 0 ≠',
    'each cell: outcome, no writes, no reads, lost; ≠ differs from the first cell',
    'not run: v9 (exit 4): no emulation',
  ])
  const narrow = renderMatrixTerminal(view, { color: false, width: 40 }).split('\n')
  expect(narrow[1]).toBe('quorum-loss/leader-killed  ✔   ✘ ≠')
  expect(narrow[2]).toContain('each cell: outcome; ')
})

test('as JSON a matrix has its exit code, and null for an entry that there is none of', () => {
  const json = matrixAsJson(save([[outage(900)]]))
  expect(json).toMatchObject({ format: 'gauntlet-matrix/1', seed: 7, exitCode: 4 })
  expect(json.rows[0]?.entries).toEqual([
    {
      outcome: 'held',
      measures: { writeOutageMs: 900, readOutageMs: null, acknowledgedLost: 0 },
      differences: [],
    },
    null,
  ])
})

test('the page links to each run, marks differences, and shows hostile text inert', () => {
  const view = save([[outage(900)], [outage(5_000)]], hostile('reason'))
  const page = readFileSync(writeMatrixPage(folder, view), 'utf8')
  expect(page).toContain('href="run-1/index.html#quorum-loss/leader-killed"')
  expect(page.match(/>≠<\/b>/g)).toHaveLength(1)
  expect(/<img|<script>pwned/.test(page)).toBe(false)
  expect(page).toContain('pwned')
})

test('a run outside of the matrix is not read', () => {
  const { matrix } = save([])
  const cells = [{ name: 'x', values: {}, exitCode: 0 as const, run: '../x' }]
  saveMatrix(folder, { ...matrix, cells })
  expect(() => readMatrixView(folder)).toThrow(/path inside the run directory, got "\.\.\/x"/)
})
