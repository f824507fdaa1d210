import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRun } from '../harness/run-record/run-directory.ts'
import type { ScenarioRecord } from '../harness/run-record/run-record.ts'
import { type ScenarioView, viewScenario } from './model/scenario-view.ts'
import { watchViolationsOf } from './model/watch-violations.ts'
import { renderRun } from './report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'
import { kinds, writeViolationsRun } from './testing/violations-run.ts'

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-violations-'))
let broken: ScenarioRecord
let view: ScenarioView
const ofKinds = mkdtempSync(join(tmpdir(), 'gauntlet-kinds-'))
let views: ScenarioView[]

beforeAll(async () => {
  writeFixtureRun(directory)
  const records = await writeViolationsRun(ofKinds)
  views = await Promise.all(records.map((record) => viewScenario(ofKinds, record, 100)))
  broken = readRun(directory).scenarios.find(
    ({ outcome }) => outcome === 'broken',
  ) as ScenarioRecord
  view = await viewScenario(directory, broken, 100)
})
afterAll(() => {
  for (const each of [directory, ofKinds]) rmSync(each, { recursive: true, force: true })
})

/** The bars of each lane, a line a bar. */
const lanesOf = ({ pictures: [picture] }: ScenarioView) =>
  picture?.rows.map(({ name, bars }) => [
    name,
    ...bars.map(({ words, result, isCulprit }) =>
      [...words, '→', result, ...(isCulprit ? ['!'] : [])].join(' '),
    ),
  ])
const linesOf = ({ pictures: [picture] }: ScenarioView) =>
  picture?.raw.map(({ file, lines }) => [file, ...lines.map(({ number }) => number)])

test('a lost write is shown among the writes of its key, up to where each member has them', () => {
  const [durability] = views as [ScenarioView]
  const lacks = 'lacks 2 acknowledged writes → lost'
  expect(lanesOf(durability)).toEqual([
    [
      'writes',
      'put balance=10 → rev 17',
      'put balance=15 → rev 18',
      'put balance=25 → rev 19',
      'put balance=30 → rev 22',
      'put balance=45 → rev 23',
    ],
    ['m1', 'holds balance=45 → modRevision 23'],
    ['m2', 'holds balance=25 → modRevision 19', `${lacks} !`],
    ['m3', 'holds balance=25 → modRevision 19', lacks],
  ])
  const lost = durability.pictures[0]?.rows[2]?.bars[1]
  expect([lost?.fromColumn, lost?.toColumn]).toEqual([3, 5])
  const [history, final] = linesOf(durability) ?? []
  expect(history).toEqual(['history.jsonl', 62, 63, 64, 65, 66, 67, 76, 77, 78, 79])
  expect(final?.[0]).toBe('final-state.json')
  const texts = durability.pictures[0]?.raw[1]?.lines.map(({ text }) => text.trim()) ?? []
  expect(texts.filter((text) => text.includes('"value": "balance=25"'))).toHaveLength(2)
})

test('a lease that ended early is shown with its requests, its bound, and the reads of its key', () => {
  const [, lease] = views as [ScenarioView, ScenarioView]
  expect(lanesOf(lease)).toEqual([
    ['lease', 'grant 5 s → 5 s', ...Array(7).fill('keepalive → 5 s')],
    ['had to be', 'there → until 19.74 s'],
    ['account/42', 'put balance= → rev 17', ...Array(4).fill('get → there'), 'get → missing !'],
  ])
  expect(lease.pictures[0]?.table?.rows.map(([key, guarantee]) => [key, guarantee])).toEqual([
    ['account/42', 'kept'],
    ['account/42', 'kept'],
    ['account/42/other', 'revoked'],
  ])
  // The grant and the last seven renewals; the put, the last four reads before the missing key, and its read.
  expect(linesOf(lease)).toEqual([
    ['leases.jsonl', 2, 3, ...Array.from({ length: 14 }, (_, at) => 14 + at)],
    ['history.jsonl', 62, 63, ...Array.from({ length: 10 }, (_, at) => 80 + at)],
  ])
})

test('a lock that two hold is shown with its turns, and who holds it', () => {
  const [, , lock] = views as [ScenarioView, ScenarioView, ScenarioView]
  const rows = lanesOf(lock) ?? []
  const bars = rows.slice(0, -2).flatMap(([, ...own]) => own)
  expect(bars.toSorted()).toEqual([
    'grant to balance=1 → rev 17',
    'grant to balance=2 → rev 19',
    'grant to balance=3 → rev 21 !',
    'release → rev 18',
  ])
  expect(rows.slice(-2)).toEqual([
    ['holds', 'balance=2 holds it → and did not give it back'],
    ['holds', 'balance=3 holds it → at the same time'],
  ])
  const [holder, second] = lock.pictures[0]?.rows.slice(-2).map(({ bars: [bar] }) => bar) ?? []
  expect(holder?.fromColumn).toBeLessThan(second?.fromColumn ?? 0)
  expect(holder?.toColumn).toBe(second?.toColumn)
})

test('without the files beside the history a picture has what the verdict and the history say', async () => {
  for (const [record, file] of [
    [views[0]?.record, 'final-state.json'],
    [views[1]?.record, 'leases.jsonl'],
  ] as const) {
    if (record === undefined) throw new RangeError('Expected a record')
    const saved = join(ofKinds, record.directory, file)
    const text = readFileSync(saved)
    rmSync(saved)
    const without = await viewScenario(ofKinds, record, 100)
    writeFileSync(saved, text)
    expect(without.pictures).toHaveLength(1)
    expect(
      lanesOf(without)
        ?.flat()
        .filter((bar) => bar.endsWith('!')),
    ).toHaveLength(1)
  }
})

test('a verdict whose violations are not whole is shown by the operations that it names', async () => {
  const [record] = views.map((each) => each.record)
  if (record === undefined) throw new RangeError('Expected a record')
  const [verdict] = record.verdicts
  const violations = [{ code: 'acknowledged-write-lost', writes: 'many' }, null]
  const broken = { ...verdict, evidence: { ...verdict?.evidence, violations } }
  const damaged = { ...record, verdicts: [broken] } as ScenarioRecord
  const [picture] = (await viewScenario(ofKinds, damaged, 100)).pictures
  expect(picture?.heading).toBe('What clients observed of')
})

test('a picture comes with the lines of the history that it shows', () => {
  const [raw] = view.pictures[0]?.raw ?? []
  expect(raw?.file).toBe('history.jsonl')
  const answers = raw?.lines.map(({ text }) => JSON.parse(text)) ?? []
  expect(answers).toContainEqual(expect.objectContaining({ type: 'ok', f: 'get', revision: 911 }))
  const numbers = raw?.lines.map(({ number }) => number) ?? []
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
})

test('a violation of watches is a table with what every watcher received at its revision', () => {
  expect(view.watchViolations).toMatchObject([
    {
      checker: 'watch',
      rows: [{ guarantee: 'reliable', member: 'm3', revision: 912 }],
      raw: { file: 'watch.jsonl', lines: [{ number: 4 }] },
    },
  ])
})

test('violations are shown without the lines when watch.jsonl is gone, and only whole ones', async () => {
  const whole = { guarantee: 'reliable', member: 'm1', revision: 3, text: 'missing' }
  const evidence = { violations: [{ ...whole, member: 1 }, null, whole] }
  const verdict = { checker: 'watch', evidence }
  expect(await watchViolationsOf(verdict, join(directory, 'none'))).toEqual({
    checker: 'watch',
    rows: [whole],
  })
})

test('every jump has its target', async () => {
  const pages = await Promise.all([renderRun(directory), renderRun(ofKinds)])
  const indexHtml = pages.map((page) => page.indexHtml).join('')
  const targets = [...indexHtml.matchAll(/data-target="([^"]+)"/g)].map(([, id]) => id)
  expect(targets).toHaveLength(2 + kinds.length)
  for (const id of targets) expect(indexHtml).toContain(` id="${id}"`)
})
