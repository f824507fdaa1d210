import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startClock } from '../core/clock.ts'
import { createRandom } from '../core/random.ts'
import { operations, readHistoryFile } from '../history/codec.ts'
import { type Completion, openRecorder } from '../history/recorder.ts'
import { type OpenLoopOptions, startOpenLoop } from './open-loop.ts'
import { planOperations } from './plan.ts'

const members = ['m1', 'm2', 'm3']
const memberAt = (index: number) => members[index % members.length] ?? '?'
const ok: Completion = { type: 'ok', revision: 2 }

/** Runs a load against an executor in this process, and reads its history. */
async function drill(
  execute: OpenLoopOptions['execute'],
  options: {
    ratePerS: number
    timeoutMs?: number
    forMs: number
    maxOpen?: number
    at?: OpenLoopOptions['memberAt']
  },
) {
  const directory = await mkdtemp(join(tmpdir(), 'load-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'history.jsonl')
  const { ratePerS, timeoutMs = 200, forMs, maxOpen, at = memberAt } = options
  const spec = { ratePerS, timeoutMs, keys: 5, valueBytes: 4, mix: { put: 1, get: 1 } }
  const plan = planOperations(spec, { random: createRandom(1), memberCount: members.length })
  const recorder = await openRecorder({ path, header: { model: 'etcd' }, clock: startClock() })
  const rest = maxOpen === undefined ? {} : { maxOpen }
  const load = startOpenLoop({ spec, plan, memberAt: at, recorder, execute, ...rest })
  await delay(forMs)
  const report = await load.stop()
  await recorder[Symbol.asyncDispose]()
  return { report, joined: operations(await readHistoryFile(path)) }
}

test('the rate does not depend on answers, and every request is in the history', async () => {
  const { report, joined } = await drill(async () => ok, { ratePerS: 500, forMs: 600 })
  expect(joined).toHaveLength(report.sent)
  expect(report.ok).toBe(report.sent)
  expect(report.sent).toBeGreaterThan(270)
  expect(report.sent).toBeLessThan(0.5 * report.durationMs + 2)
})

test('slow answers do not lower the rate', async () => {
  const { report } = await drill(() => delay(150, ok), { ratePerS: 200, forMs: 500 })
  expect(report.sent).toBeGreaterThan(80)
  expect(report.peakOpen).toBeGreaterThan(15)
})

test('a process has one member, and no request after an unknown outcome', async () => {
  let count = 0
  const execute = async (): Promise<Completion> =>
    ++count % 5 === 0 ? { type: 'info', error: 'lost' } : ok
  const { report, joined } = await drill(execute, { ratePerS: 400, forMs: 400 })
  expect(report.info).toBeGreaterThan(10)
  const memberOf = new Map<number, string | undefined>()
  const lost = new Set<number>()
  for (const { process, invoke, outcome } of joined) {
    expect(lost.has(process)).toBe(false)
    expect(memberOf.get(process) ?? invoke.member).toBe(invoke.member)
    memberOf.set(process, invoke.member)
    if (outcome === 'info') lost.add(process)
  }
  // A stalled machine sends several at once: idle processes are at most the peak, for each member.
  expect(report.processes).toBeLessThanOrEqual(report.info + 3 * report.peakOpen)
})

test('a process continues after a definite failure', async () => {
  const fail: Completion = { type: 'fail', error: 'refused' }
  const { report } = await drill(async () => fail, { ratePerS: 200, forMs: 600 })
  expect(report.fail).toBe(report.sent)
  expect(report.processes).toBeLessThanOrEqual(3 * report.peakOpen)
  expect(report.processes).toBeLessThan(report.sent / 2)
})

test('the load skips requests beyond the bound and reports their count', async () => {
  const { report, joined } = await drill(() => delay(250, ok), {
    ratePerS: 200,
    forMs: 200,
    maxOpen: 5,
  })
  expect(report.peakOpen).toBe(5)
  expect(report.skipped).toBeGreaterThan(20)
  expect(joined).toHaveLength(report.sent)
})

test('a request without an answer is unknown at the end, and a later answer is ignored', async () => {
  const never = () => delay(2_000, ok, { ref: false })
  const { report, joined } = await drill(never, { ratePerS: 50, timeoutMs: 50, forMs: 100 })
  expect(report.info).toBe(report.sent)
  expect(joined.every(({ completion }) => completion?.type === 'info')).toBe(true)
})

test('an executor that throws makes the outcome unknown', async () => {
  const { report, joined } = await drill(() => Promise.reject(new Error('bug')), {
    ratePerS: 50,
    forMs: 60,
  })
  expect(report.info).toBe(report.sent)
  expect(joined[0]?.completion?.error).toBe('bug')
})

test('clients of a member that is gone go to another one, as other processes', async () => {
  let removed = ''
  const at = (index: number) => (memberAt(index) === removed ? 'm4' : memberAt(index))
  const used = new Set<string>()
  const execute = async (member: string) => {
    used.add(member)
    if (used.size === 3) removed = 'm1'
    return ok
  }
  const { joined } = await drill(execute, { ratePerS: 300, forMs: 200, at })
  expect(used).toEqual(new Set(['m1', 'm2', 'm3', 'm4']))
  const last = joined.findLastIndex(({ invoke }) => invoke.member === 'm1')
  const first = joined.findIndex(({ invoke }) => invoke.member === 'm4')
  expect(last).toBeLessThan(first)
  const memberOf = new Map<number, string | undefined>()
  for (const { process, invoke } of joined) {
    expect(memberOf.get(process) ?? invoke.member).toBe(invoke.member)
    memberOf.set(process, invoke.member)
  }
})
