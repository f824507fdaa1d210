import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CheckInput } from '../../checkers/checker.ts'
import { createRegistry } from '../../checkers/judge/registry.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { windowFolder } from '../../run-record/evidence/windows.ts'
import { replaceJson } from '../../run-record/files.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { checkScenarioDirectory } from '../check/check-saved.ts'
import { combineWindows } from './combine-windows.ts'
import { judgeWindow } from './judge-window.ts'
import { readWindowed } from './read-windowed.ts'
import { writeWindowed } from './testing/write-windowed.ts'

type Edit = (input: CheckInput, window: number) => CheckInput

/** A scenario in two windows, judged as a run judges it, but in this process. */
async function setUp(edit?: Edit): Promise<{ directory: string; record: ScenarioRecord }> {
  const directory = mkdtempSync(join(tmpdir(), 'windowed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  await writeWindowed(directory, edit)
  const registry = createRegistry()
  const records = [
    await judgeWindow(join(directory, windowFolder(1)), registry),
    await judgeWindow(join(directory, windowFolder(2)), registry),
  ]
  const record = combineWindows(await readWindowed(directory), records)
  replaceJson(evidencePaths(directory).record, record)
  return { directory, record }
}

/** The last window without a key that it began with and did not write. */
const loseWrite: Edit = (input, window) => {
  const { events, header } = input.history
  if (window === 1) return input
  const { kvs } = header.initial as { kvs: Record<string, unknown> }
  const written = new Set(events.flatMap((event) => ('key' in event ? [event.key] : [])))
  const lost = Object.keys(kvs).find((key) => !written.has(key)) ?? Object.keys(kvs)[0] ?? ''
  const members = (input.final?.members ?? []).map((member) => {
    const { [lost]: _, ...keys } = member.keys
    return { ...member, keys }
  })
  return { ...input, final: { members } }
}

test('a scenario whose windows all held is held, with what all of them measured', async () => {
  const { directory, record } = await setUp()
  expect(record.outcome, record.reason).toBe('held')
  expect(record.windows?.map(({ outcome }) => outcome)).toEqual(['held', 'held'])
  expect(record.measures.windows).toBe(2)
  expect(record.shownWindow).toBe('windows/0002')
  const checked = await checkScenarioDirectory(directory)
  expect(checked).toMatchObject({ outcome: 'held', differences: [], reason: record.reason })
})

test('a window is judged again by itself', async () => {
  const { directory } = await setUp()
  const checked = await checkScenarioDirectory(join(directory, windowFolder(2)))
  expect(checked).toMatchObject({ outcome: 'held', differences: [] })
})

test('a write of the first window that the second one lost breaks the whole', async () => {
  const { directory, record } = await setUp(loseWrite)
  expect(record.outcome, record.reason).toBe('broken')
  expect(record.broken).toContain('durability/acknowledged-write-lost')
  expect(record.reason).toContain('window 2 of 2 is broken')
  expect(record.measures.acknowledgedLost).toBe(1)
  const checked = await checkScenarioDirectory(directory)
  expect(checked).toMatchObject({ outcome: 'broken', differences: [] })
})

test('what a run that was killed left is judged up to its cut, and never held', async () => {
  const { directory } = await setUp()
  const last = join(directory, windowFolder(2))
  for (const file of ['final-state.json', 'observations.json', 'scenario.json']) {
    rmSync(join(last, file))
  }
  for (const file of ['observations.json', 'scenario.json']) rmSync(join(directory, file))
  const history = join(last, 'history.jsonl.gz')
  const { size } = await stat(history)
  for (const share of [0.9, 0.5, 0]) {
    truncateSync(history, Math.floor(size * share))
    const checked = await checkScenarioDirectory(directory)
    expect(checked.outcome, checked.reason).toBe('inconclusive')
    expect(checked.reason).toContain('the run ended before the scenario did')
    expect(checked.differences).toEqual([])
  }
})

test('a process that records a window and is killed leaves one that is judged', async () => {
  const { directory } = await setUp()
  const [before, own] = [1, 2].map((number) => join(directory, windowFolder(number)))
  for (const file of ['observations.json', 'scenario.json']) rmSync(join(directory, file))
  rmSync(own as string, { recursive: true })
  const program = join(import.meta.dirname, 'testing/record-until-killed.ts')
  const child = fork(program, [before as string, own as string])
  // Compressed lines reach the disk once a second.
  await poll(
    async () => {
      const [recorded] = (await once(child, 'message')) as [number]
      return recorded > 1_500 ? done(undefined) : notYet(`${recorded} requests`)
    },
    { what: 'a second of requests', deadlineMs: 60_000, intervalMs: 0 },
  )
  child.kill('SIGKILL')
  await once(child, 'exit')
  const checked = await checkScenarioDirectory(directory)
  expect(checked.outcome, checked.reason).toBe('inconclusive')
  const found = checked.verdicts.filter(({ verdict }) => verdict !== 'valid')
  expect(found.map(({ verdict }) => verdict)).not.toContain('invalid')
  const { events } = (await readEvidence(own as string)).input.history
  expect(events.length).toBeGreaterThan(500)
})

test('a violation before the kill is found', async () => {
  const { directory } = await setUp(loseWrite)
  for (const file of ['observations.json', 'scenario.json']) rmSync(join(directory, file))
  expect((await checkScenarioDirectory(directory)).outcome).toBe('broken')
})

test('a window that does not go on from the one before is a difference', async () => {
  const { directory } = await setUp()
  const file = join(directory, windowFolder(1), 'final-state.json')
  const final = JSON.parse(readFileSync(file, 'utf8'))
  final.members[0].keys.foreign = { value: 'v', modRevision: 1 }
  writeFileSync(file, JSON.stringify(final))
  const { differences } = await checkScenarioDirectory(directory)
  expect(differences.join('\n')).toContain(
    'windows/0002: expected it to begin with the final state of the window before',
  )
})

test('a window that is missing makes the whole inconclusive', async () => {
  const { directory } = await setUp()
  rmSync(join(directory, windowFolder(2)), { recursive: true })
  const checked = await checkScenarioDirectory(directory)
  expect(checked.outcome).toBe('inconclusive')
  expect(checked.reason).toContain('expected 2 windows, found 1')
})

test('a damaged file of a window is named', async () => {
  const { directory } = await setUp()
  const file = join(directory, windowFolder(1), 'history.jsonl.gz')
  const bytes = readFileSync(file)
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64)
  writeFileSync(file, bytes)
  const checked = await checkScenarioDirectory(directory)
  expect(checked.outcome).toBe('unreadable')
  expect(checked.reason).toContain(file)
})

test('a child process judges a window as this process does', async () => {
  const { directory, record } = await setUp()
  const { judgingMs: _, ...judged } = await judgeWindow(join(directory, windowFolder(2)))
  expect(judged).toMatchObject({ outcome: record.outcome, verdicts: expect.any(Array) })
  const checked = await checkScenarioDirectory(directory)
  expect(checked.differences).toEqual([])
})

test('a judging process that fails is a reason, not a verdict', async () => {
  const { directory } = await setUp()
  const window = join(directory, windowFolder(1))
  rmSync(join(window, 'plan.json'))
  await expect(judgeWindow(window)).rejects.toThrow('Expected the judging of')
})
