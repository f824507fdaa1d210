import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { checkEtcd } from '../checkers/etcd/check-etcd.ts'
import { settleByWatches } from '../checkers/judge/settle-by-watches.ts'
import { startClock } from '../core/clock.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { createRandom } from '../core/random.ts'
import { operations, readHistoryFile } from '../history/codec.ts'
import type { LeaseEntry } from '../history/logs/lease.ts'
import type { WatchEntry, WatchLog } from '../history/logs/watch.ts'
import { openRecorder } from '../history/recorder.ts'
import type { Request, Transaction } from '../history/request.ts'
import type { Place, ProgramStep, Turn } from './program.ts'
import { programs } from './programs/index.ts'
import { startPrograms } from './run-programs.ts'
import { type SimulatedStore, simulateStore } from './testing/simulate-store.ts'
import type { ProgramName } from './workload.ts'

const names = Object.keys(programs) as ProgramName[]
const members = ['m1', 'm2', 'm3']
const clients = 3

/** Runs a program for so many requests, on a store in this process that leaves some outcomes unknown. */
async function drill(name: ProgramName, { unsure = 0.2, requests = 150 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'programs-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'history.jsonl')
  const recorder = await openRecorder({ path, header: { model: 'etcd' }, clock: startClock() })
  const store = simulateStore()
  const random = createRandom(name)
  const happened: boolean[] = []
  const leases: Omit<LeaseEntry, 'timeNs'>[] = []
  const watched: number[] = []
  const running = startPrograms({
    specs: [{ name, ratePerS: 2_000, clients }],
    random,
    memberAt: (index) => members[index % members.length] ?? '?',
    recorder,
    noteLease: (entry) => leases.push(entry),
    leaseSlackMs: -10_000,
    requests: {
      send: async (_, request) => {
        const at = happened.push(false) - 1
        await delay(random.int(0, 2))
        if (random.float() >= unsure) return answered(store, request, at, happened)
        if (random.float() < 0.3) return { type: 'fail', error: 'refused' }
        if (random.float() < 0.5) answered(store, request, at, happened)
        return { type: 'info', error: 'timeout' }
      },
      lease: async (_, { kind }) => ({ type: 'ok', ...(kind !== 'revoke' && { ttlS: 3 }) }),
      compact: async () => {},
      watch: (_, fromRevision) => watched.push(fromRevision),
    },
  })
  await poll(
    () => (happened.length >= requests ? done(true) : notYet(`${happened.length} asked`)),
    {
      what: `${requests} requests`,
      deadlineMs: 15_000,
      intervalMs: 5,
    },
  )
  await running.finish()
  await recorder[Symbol.asyncDispose]()
  const history = await readHistoryFile(path)
  const asked = operations(history).filter(({ invoke }) => invoke.expiryOf === undefined)
  return { history, asked, happened, store, leases, watched, running }
}

function answered(store: SimulatedStore, request: Request, at: number, happened: boolean[]) {
  happened[at] = true
  return store.answer(request)
}

test.each(names)('%s: its history is linearizable, whatever was lost', async (name) => {
  const { history, asked } = await drill(name)
  expect(asked.length).toBeGreaterThanOrEqual(150)
  expect(asked.filter(({ outcome }) => outcome === 'info').length).toBeGreaterThan(2)
  expect(checkEtcd(history, { timeoutMs: 60_000 })).toMatchObject({ verdict: 'valid' })
})

test.each(names)(
  '%s: a process goes on with one member, and never after less than ok',
  async (name) => {
    const { asked } = await drill(name)
    const memberOf = new Map<number, string | undefined>()
    const lost = new Set<number>()
    for (const { process, invoke, outcome } of asked) {
      expect(lost.has(process)).toBe(false)
      expect(memberOf.get(process) ?? invoke.member).toBe(invoke.member)
      memberOf.set(process, invoke.member)
      if (outcome !== 'ok') lost.add(process)
    }
    expect(new Set(memberOf.values())).toEqual(new Set(members))
  },
)

test.each(names)(
  '%s: in an outage each client leaves one conditional write unsettled',
  async (name) => {
    const { asked } = await drill(name, { unsure: 1, requests: 30 })
    const conditional = asked.filter(({ f, invoke }) => {
      return f === 'txn' && isConditional({ kind: 'txn', value: invoke.value as Transaction })
    })
    expect(conditional).toEqual([])
    const place: Place = { client: 0, random: createRandom(name), leaseSlackMs: 0 }
    const client = programs[name](place)
    const store = simulateStore()
    // Reads are answered, writes are not: every turn that writes begins with a read of its own.
    for (let turn = 0; turn < 100; turn++) {
      let hasRead = false
      for (const step of stepsOf(client.turn(), store, isConditional)) {
        if (step.kind === 'txn' && step.value.compare.length > 0) expect(hasRead).toBe(true)
        if (isRead(step)) hasRead = true
      }
    }
  },
)

const isConditional = (step: ProgramStep) => step.kind === 'txn' && step.value.compare.length > 0

const isRead = (step: ProgramStep) =>
  step.kind === 'get' ||
  (step.kind === 'range' && !step.serializable) ||
  (step.kind === 'txn' && step.value.compare.length === 0)

/** A turn's requests, to its end or to the first that `isLost`. */
function* stepsOf(
  turn: Turn,
  store: SimulatedStore,
  isLost: (step: ProgramStep) => boolean = () => false,
) {
  for (let next = turn.next(); next.done !== true; ) {
    const step = next.value
    yield step
    if (isLost(step)) return
    const isRequest = ['txn', 'range', 'get', 'serializable-get', 'put', 'delete'].includes(
      step.kind,
    )
    next = turn.next(isRequest ? store.answer(step as Request) : { type: 'ok', ttlS: 3 })
  }
}

test.each(names)('%s: the same seed and the same answers ask the same', (name) => {
  const steps = (seed: number) => {
    const client = programs[name]({ client: 1, random: createRandom(seed), leaseSlackMs: 0 })
    const store = simulateStore()
    return Array.from({ length: 30 }, () => [...stepsOf(client.turn(), store)])
  }
  expect(steps(1)).toEqual(steps(1))
  expect(steps(1)).not.toEqual(steps(2))
})

test.each(names)('%s: what watchers saw settles only what is so', async (name) => {
  const { history, asked, happened, store } = await drill(name, { requests: 600 })
  const settled = settleByWatches({ history, watches: watchOf(store) }).history
  expect(settled).not.toBe(history)
  const outcomes = operations(settled).filter(({ invoke }) => invoke.expiryOf === undefined)
  let writes = 0
  /** By key: deletes that happened beyond those that were found to have. Which of them is all one. */
  const deletes = new Map<string, number>()
  for (const [at, { outcome, f, invoke }] of outcomes.entries()) {
    if (asked[at]?.outcome !== 'info' || outcome === 'info' || f === 'range' || f === 'get')
      continue
    writes++
    const { key = '' } = invoke
    const more = Number(happened[at]) - Number(outcome === 'ok')
    if (f === 'delete') deletes.set(key, (deletes.get(key) ?? 0) + more)
    else if (outcome === 'ok') expect(happened[at]).toBe(true)
  }
  expect(writes).toBeGreaterThan(0)
  expect(Math.min(0, ...deletes.values())).toBe(0)
  expect(checkEtcd(settled).verdict).toBe('valid')
})

function watchOf({ watched, revision }: SimulatedStore): WatchLog {
  // Received once the store had all of it.
  const at = { stream: 0, timeNs: Number.MAX_SAFE_INTEGER }
  const events = watched.map((one) => ({
    type: 'events',
    revision: revision(),
    events: one,
    ...at,
  }))
  const open = { type: 'open', member: 'm1', startRevision: 2, ...at }
  const bookmark = { type: 'bookmark', revision: revision(), ...at }
  return {
    header: { format: 'gauntlet-watch/1', fromEmpty: true },
    entries: [open, ...events, bookmark] as unknown as WatchEntry[],
  }
}

test.each(names)('%s: it counts as served once every request of one turn was', async (name) => {
  const { running } = await drill(name, { unsure: 0, requests: 60 })
  expect(running.unserved()).toEqual([])
  const { running: refused } = await drill(name, { unsure: 1, requests: 30 })
  expect(refused.unserved()).toEqual([name])
})

test('requests about leases are in their own log, and the leases’ ends in the history', async () => {
  const { history, leases } = await drill('leases', { unsure: 0 })
  expect(new Set(leases.map(({ type }) => type))).toEqual(new Set(['invoke', 'ok']))
  const ended = operations(history).filter(({ invoke }) => invoke.expiryOf !== undefined)
  const put = operations(history).filter(({ invoke }) => invoke.lease !== undefined)
  for (const { invoke, invokeIndex } of put) {
    const end = ended.find(({ invoke: { expiryOf } }) => expiryOf === invoke.lease)
    expect(end?.invokeIndex).toBeLessThan(invokeIndex)
    expect(JSON.stringify(end?.invoke.value)).toContain(JSON.stringify(['delete', invoke.key]))
  }
  expect(ended.every(({ completion }) => completion === undefined)).toBe(true)
})

test('an API server watches from the revision after that of its list', async () => {
  const { asked, watched } = await drill('kubernetes', { unsure: 0 })
  const firstPages = asked.filter(
    ({ f, invoke }) => f === 'range' && invoke.atRevision === undefined,
  )
  const revisions = firstPages.map(({ completion }) => (completion?.revision ?? 0) + 1)
  expect(watched.length).toBeGreaterThan(0)
  expect(revisions).toEqual(expect.arrayContaining(watched))
})
