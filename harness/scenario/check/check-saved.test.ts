import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listEvidence } from '../../run-record/evidence/files.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { readRun } from '../../run-record/run-directory.ts'
import type { RunRecord, ScenarioRecord } from '../../run-record/run-record.ts'
import type { KnownIssue } from '../../run-record/scenario-plan.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'
import { checkRun, checkScenarioDirectory } from './check-saved.ts'
import type { CheckedScenario } from './check-scenario.ts'

const saved = join(import.meta.dirname, '../../../fixtures/runs')
const runs = ['one-of-each', 'known-issue'].map((name) => {
  const directory = join(saved, name)
  return { directory, record: readRun(directory) }
})
const scenarios = runs.flatMap(({ directory, record }) =>
  record.scenarios.map((scenario) => ({ directory, id: scenario.id, scenario })),
)
const judged = scenarios.filter(({ scenario }) => scenario.evidenceSha256 !== undefined)

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gauntlet-saved-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A copy of a saved scenario's directory, to be altered. */
function copyOf(id: string): string {
  const { directory, scenario } = judged.find((one) => one.id === id) as (typeof judged)[number]
  const copy = join(root, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(directory, scenario.directory), copy, { recursive: true })
  return copy
}

async function checkAll(directory: string, record: RunRecord): Promise<CheckedScenario[]> {
  const checked: CheckedScenario[] = []
  for await (const scenario of checkRun(directory, record)) checked.push(scenario)
  return checked
}

test('there is a saved scenario of every outcome', () => {
  expect(new Set(scenarios.map(({ scenario }) => scenario.outcome))).toEqual(
    new Set(['held', 'broken', 'known-issue', 'inconclusive', 'not-applicable']),
  )
})

test('every checker that passes a scenario says how many facts it judged', () => {
  const passed = judged.flatMap(({ id, scenario: { verdicts } }) =>
    verdicts.filter(({ verdict }) => verdict === 'valid').map((verdict) => ({ id, ...verdict })),
  )
  expect(new Set(passed.map(({ checker }) => checker)).size).toBeGreaterThanOrEqual(8)
  expect(passed.filter(({ factsJudged = 0 }) => factsJudged === 0)).toEqual([])
})

test('a known issue explains nothing on a version outside of its range', async () => {
  const evidence = await readEvidence(copyOf('track-record/cve-2021-28235'))
  const judgeWith = (versions: { readonly since?: string[]; readonly fixedIn?: string[] }) => {
    const knownIssue = { ...(evidence.plan.knownIssue as KnownIssue), versions }
    return judgeScenario({ ...evidence, plan: { ...evidence.plan, knownIssue } })
  }
  expect(evidence.plan.spec.version).toBe('3.4.23')
  expect(judgeWith({ fixedIn: ['3.4.25', '3.5.8'] }).outcome).toBe('known-issue')
  for (const versions of [{ fixedIn: ['3.4.23', '3.5.8'] }, { since: ['3.5.0'] }]) {
    const { outcome, reason } = judgeWith(versions)
    expect(outcome).toBe('broken')
    expect(reason).not.toContain('CVE-2021-28235')
  }
})

test('a known issue of compaction explains nothing where no client compacts', async () => {
  const evidence = await readEvidence(copyOf('track-record/cve-2021-28235'))
  const knownIssue = { ...(evidence.plan.knownIssue as KnownIssue), needsCompaction: true }
  const judgeWith = (recordsCompactions: boolean, entries: readonly object[]) => {
    const header = { format: 'gauntlet-watch/1', recordsCompactions }
    const input = { ...evidence.input, watches: { header, entries } as never }
    return judgeScenario({ ...evidence, plan: { ...evidence.plan, knownIssue }, input }).outcome
  }
  const compaction = { type: 'compaction', timeNs: 1, member: 'm1', revision: 2 }
  expect(judgeWith(true, [compaction])).toBe('known-issue')
  expect(judgeWith(false, [])).toBe('known-issue')
  expect(judgeWith(true, [])).toBe('broken')
})

test('a record has the checkers that could not judge it, with their reasons', async () => {
  const evidence = await readEvidence(copyOf('saved/held'))
  const skippedCheckers = { 'member-logs': 'a member is damaged on purpose' }
  const plan = { ...evidence.plan, skippedCheckers }
  expect(judgeScenario({ ...evidence, plan }).skippedCheckers).toEqual(skippedCheckers)
  expect(judgeScenario(evidence)).not.toHaveProperty('skippedCheckers')
})

test('a history that cannot be settled is judged as it is, and is inconclusive', async () => {
  const evidence = await readEvidence(copyOf('saved/held'))
  // A stream that nothing opened.
  const closed = { type: 'closed', stream: 9, timeNs: 1 }
  const watches = { ...evidence.input.watches, entries: [closed] } as never
  const { outcome, reason } = judgeScenario({ ...evidence, input: { ...evidence.input, watches } })
  expect(outcome).toBe('inconclusive')
  expect(reason).toContain('unknown outcomes could not be settled: ')
})

test.each(judged)(
  '$id is judged as its run did, byte for byte',
  async ({ directory, scenario }) => {
    const again = judgeScenario(await readEvidence(join(directory, scenario.directory)))
    const bytes = ({ judgingMs: _, ...record }: ScenarioRecord) => JSON.stringify(record)
    expect(bytes(again), 'meant to differ? See fixtures/runs/README.md').toBe(bytes(scenario))
  },
)

test.each(runs)('checking $directory finds nothing that differs', async (run) => {
  const checked = await checkAll(run.directory, run.record)
  expect(checked.map(({ scenario, outcome, reason }) => ({ scenario, outcome, reason }))).toEqual(
    run.record.scenarios.map(({ id, outcome, reason }) => ({ scenario: id, outcome, reason })),
  )
  expect(checked.flatMap(({ differences, warnings }) => [...differences, ...warnings])).toEqual([])
})

describe.each(judged)('$id', ({ id, directory, scenario }) => {
  test('with one byte changed in any file of its evidence does not pass', async () => {
    for (const file of await listEvidence(join(directory, scenario.directory))) {
      const copy = copyOf(id)
      const bytes = readFileSync(join(copy, file))
      const at = Math.floor(bytes.length / 2)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
      writeFileSync(join(copy, file), bytes)
      const { outcome, differences } = await checkScenarioDirectory(copy)
      const isDetected = outcome === 'unreadable' || differences.join().includes(`${file} is not`)
      expect(isDetected, `${file}: ${outcome}`).toBe(true)
    }
  })

  test('with any file of its evidence missing does not pass', async () => {
    for (const file of await listEvidence(join(directory, scenario.directory))) {
      const copy = copyOf(id)
      rmSync(join(copy, file))
      const { outcome, differences } = await checkScenarioDirectory(copy)
      const isDetected = outcome === 'unreadable' || differences.includes(`${file} is missing`)
      expect(isDetected, `${file}: ${outcome}`).toBe(true)
    }
  })
})

test('a file that was not judged is a difference', async () => {
  const copy = copyOf('saved/held')
  writeFileSync(join(copy, 'members', 'm4.log'), 'up\n')
  const { outcome, differences } = await checkScenarioDirectory(copy)
  expect(outcome).toBe('held')
  expect(differences).toEqual([
    'members/m4.log was not there when the scenario was judged',
    expect.stringMatching(/^expected `verdicts\[6\].factsJudged` to be 368 .*, got 369$/),
  ])
})

test('a record that says something else is a difference, in its field', async () => {
  const copy = copyOf('saved/held')
  const file = join(copy, 'scenario.json')
  const record = JSON.parse(readFileSync(file, 'utf8'))
  record.verdicts[1].verdict = 'unknown'
  record.judgingMs = {}
  writeFileSync(file, JSON.stringify(record))
  expect((await checkScenarioDirectory(copy)).differences).toEqual([
    'expected `verdicts[1].verdict` to be "unknown" as in scenario.json, got "valid"',
  ])
})

describe('a scenario whose run was killed', () => {
  function kill(id: string): string {
    const copy = copyOf(id)
    for (const file of ['observations.json', 'final-state.json', 'scenario.json']) {
      rmSync(join(copy, file), { force: true })
    }
    return copy
  }

  test('is inconclusive where it held, and says why', async () => {
    const { outcome, reason } = await checkScenarioDirectory(kill('saved/held'))
    expect(outcome).toBe('inconclusive')
    expect(reason).toMatch(/^the run ended before the scenario did/)
  })

  test('is broken where a checker finds a violation', async () => {
    expect((await checkScenarioDirectory(kill('saved/broken'))).outcome).toBe('broken')
  })

  test('may have an incomplete last line in every stream', async () => {
    const copy = kill('saved/held')
    const streams = ['history.jsonl', 'watch.jsonl', 'leases.jsonl']
    for (const file of streams) {
      const { length } = readFileSync(join(copy, file))
      truncateSync(join(copy, file), length - 3)
    }
    const { outcome, warnings } = await checkScenarioDirectory(copy)
    expect(outcome).toBe('inconclusive')
    expect(warnings).toHaveLength(streams.length)
    for (const warning of warnings) expect(warning).toContain('the last line is incomplete')
  })
})

describe('a directory that is hostile', () => {
  const reasonOf = async (copy: string) => {
    const { outcome, reason } = await checkScenarioDirectory(copy)
    expect(outcome).toBe('unreadable')
    expect(reason).not.toContain('\n')
    return reason
  }

  test.each(['history.jsonl', 'watch.jsonl', 'leases.jsonl'])(
    'is unreadable with a line of %s that is no event, by its number',
    async (file) => {
      const copy = copyOf('saved/held')
      const lines = readFileSync(join(copy, file), 'utf8').split('\n')
      writeFileSync(join(copy, file), lines.with(4, '{"type":').join('\n'))
      expect(await reasonOf(copy)).toContain(`${file}:5: Expected`)
    },
  )

  test('is unreadable with a link to elsewhere', async () => {
    for (const file of ['history.jsonl', 'final-state.json', 'members/m1.log', 'scenario.json']) {
      const copy = copyOf('saved/held')
      writeFileSync(join(root, 'elsewhere'), 'secret')
      rmSync(join(copy, file))
      symlinkSync(join(root, 'elsewhere'), join(copy, file))
      expect(await reasonOf(copy)).toContain('to be a file, got a link')
    }
  })

  test('is unreadable with a line of more than 16 MiB', async () => {
    for (const file of ['history.jsonl', 'watch.jsonl', 'members/m1.log']) {
      const copy = copyOf('saved/held')
      writeFileSync(join(copy, file), 'x'.repeat(2 ** 24 + 1))
      expect(await reasonOf(copy)).toContain('Expected lines under 16 MiB')
    }
  })

  test('is unreadable with a plan of another version or of unknown checkers', async () => {
    const copy = copyOf('saved/held')
    const file = join(copy, 'plan.json')
    const plan = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...plan, format: 'gauntlet-scenario-plan/2' }))
    expect(await reasonOf(copy)).toMatch(/"gauntlet-scenario-plan\/2", written by another version/)
    writeFileSync(file, JSON.stringify({ ...plan, checkers: ['planted'] }))
    expect(await reasonOf(copy)).toMatch(/^Expected a checker to be one of .*, got "planted"$/)
  })

  test('is never left by a record that names a directory elsewhere', async () => {
    const { directory, record } = runs[0] as (typeof runs)[number]
    const [first] = record.scenarios as [ScenarioRecord]
    symlinkSync(join(directory, first.directory), join(root, 'link'))
    for (const path of ['link', '../outside', 'none']) {
      const scenarios = [{ ...first, directory: path }]
      const [checked] = await checkAll(root, { ...record, scenarios })
      expect(checked?.outcome, path).toBe('unreadable')
    }
  })
})

test('the shrunk schedule of a chaos is part of its evidence and of its reason', async () => {
  const copy = copyOf('saved/chaos')
  const steps = [{ fault: 'kill', targets: ['m1'], lengthMs: 300 }]
  const shrinking = { format: 'gauntlet-shrinking/1', steps, runs: 3, exhausted: true }
  writeFileSync(join(copy, 'shrinking.json'), JSON.stringify(shrinking))
  const { reason, differences } = await checkScenarioDirectory(copy)
  expect(reason).toMatch(/; shrunk in 3 runs to kill of m1 for 300 ms$/)
  expect(differences).toContain('shrinking.json was not there when the scenario was judged')
})
