import { setTimeout as delay } from 'node:timers/promises'
import type { Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { Completion } from '../../history/recorder.ts'
import type { MarkKind } from '../../run-record/run-record.ts'
import type { Workload } from '../load/background-workload.ts'
import type { Attempt, Drill } from '../scenario.ts'
import { promiseDeadlinesOf } from './deadlines.ts'
import type { DrillParts } from './drill-parts.ts'
import { trackFaults } from './faults-in-force.ts'
import { injectFault, openWindow } from './inject-fault.ts'
import { promisedCluster } from './promised-cluster.ts'
import { expectAccepted, expectStarts, inTime, untilKept } from './timed-promise.ts'

/** A drill with what only the conductor calls. Disposing undoes every fault still in force. */
export interface OpenDrill extends Drill, AsyncDisposable {
  /** The scenario's own steps. */
  act(): Promise<void>
  undoAll(): Promise<void>
}

const serving = {
  id: 'clients-are-served',
  sentence: 'a write and a linearizable read to be served',
}
const steadyAgain = {
  id: 'steady-after-fault',
  sentence: 'every member healthy, and writes and reads served, after the fault',
}

export function openDrill(parts: DrillParts): OpenDrill {
  const { workload, watchers, guest, evidence, plan, log, signal, patience } = parts
  const { clock, marks } = evidence
  const { timeScale } = plan
  const deadlines = promiseDeadlinesOf(parts.cluster.spec, { timeScale, patience })
  let wasSteady = false
  const cluster = promisedCluster(parts.cluster, { deadlines, wasSteady: () => wasSteady })
  const inForce = trackFaults()
  const mark = (kind: MarkKind, text: string, member?: Pick<Member, 'name'>) => {
    marks.push({ timeNs: clock.nowNs(), kind, text, ...(member && { member: member.name }) })
    log.step(`  ${(clock.nowNs() / 1e9).toFixed(1).padStart(5)} s  ${text}`)
  }
  const served = async (deadlineMs = deadlines.servingMs) => {
    await using _asking = keepAsking(parts)
    await untilServedSince(workload, { sinceNs: clock.nowNs(), deadlineMs, signal })
  }
  /** The mark comes first: from then on the error budget counts what clients are not served. */
  const untilSteady = async (when: 'before' | 'after') => {
    await parts.cluster.untilHealthy(deadlines.healthyMs)
    await served()
    const waiting = { deadlineMs: deadlines.servingMs, signal }
    await Promise.all(
      parts.cluster.members.map((each) => untilServesClients(each, workload, waiting)),
    )
    await Promise.all(
      parts.cluster.doors.map(({ name }) =>
        untilServed(name, () => workload.attemptThrough(name, readOfAnyKey), waiting),
      ),
    )
    mark('steady', `steady ${when} the fault: every member healthy, writes and reads served`)
    await workload.untilWarm(deadlines.servingMs, signal)
  }
  const drill: OpenDrill = {
    cluster,
    deadlines,
    seed: plan.seed,
    etcd: plan.etcd,
    upgradeTo: plan.upgradeTo ?? [],
    nowNs: clock.nowNs,
    mark,
    act: () => expectStarts(() => expectAccepted(() => parts.scenario.act(drill), inForce.hasAny)),
    undoAll: inForce.undoAll,
    attempt: workload.attempt,
    client: workload.clientOf,
    clientBeside: workload.clientBeside,
    history: evidence.recorder.history,
    stopWorkload: async () => {
      await workload.stop()
      await watchers?.stop()
    },
    hold: (ms) => delay(ms * timeScale, undefined, { signal }),
    measure: (name, value) => {
      evidence.measures[name] = value
    },
    measureAtLeast: (name, value, why) => {
      evidence.measures[name] = value
      evidence.lowerBounds.set(name, why)
    },
    attach: (file, content) => evidence.attach(file, content),
    expect: (expectation, sentence, held, found) => {
      if (held) return
      const reason = `expected ${sentence}, observed ${found}`
      evidence.failures.push({ outcome: 'broken', expectation, reason, timeNs: clock.nowNs() })
    },
    becomes: (id, sentence, observe, { deadlineMs = deadlines.servingMs, ...polling } = {}) =>
      untilKept({ id, sentence }, observe, { ...polling, deadlineMs, signal }),
    inTime: (id, sentence, wait) => inTime({ id, sentence }, wait),
    markInconclusive: (reason) => {
      evidence.failures.push({ outcome: 'inconclusive', reason })
    },
    inject: async (fault, targets) => {
      signal.throwIfAborted()
      const injecting = { ...parts, cluster, keep: inForce.keep, mark }
      const injected = await inForce.inject(fault, () => injectFault(injecting, fault, targets))
      guest?.endRights()
      return injected
    },
    window: (name, effect, targets) => {
      guest?.endRights()
      return inForce.keepWindow(openWindow({ evidence, mark }, { name, effect }, targets))
    },
    untilServing: (deadlineMs) => inTime(serving, () => served(deadlineMs)),
    untilSteady: async (when) => {
      const steadyNow = () => untilSteady(when)
      await (when === 'before' ? steadyNow() : inTime(steadyAgain, steadyNow))
      wasSteady = true
    },
    [Symbol.asyncDispose]: () => {
      evidence.unwoundNs = clock.nowNs()
      return inForce.undoAll()
    },
  }
  return drill
}

/** A member that is healthy may still not answer clients. A learner answers none that need a quorum. */
async function untilServesClients(
  member: Member,
  { attempt }: Pick<Workload, 'attempt'>,
  waiting: Waiting,
): Promise<void> {
  const learns = async () => (await member.status()).learner
  await untilServed(member.name, () => attempt(member, readOfAnyKey), { ...waiting, learns })
}

interface Waiting {
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

const readOfAnyKey: Attempt = { kind: 'get', key: 'k0' }

async function untilServed(
  name: string,
  read: () => Promise<Completion>,
  { learns, ...waiting }: Waiting & { readonly learns?: () => Promise<boolean> },
): Promise<void> {
  await poll(
    async () => {
      if (await learns?.()) return done(undefined)
      const { type, error } = await read()
      return type === 'ok' ? done(undefined) : notYet(error ?? type)
    },
    { what: `${name} to serve a client`, intervalMs: 250, ...waiting },
  )
}

const askEveryMs = 250

/**
 * Asks every member by itself, where clients are behind doors: that the cluster serves is etcd's promise,
 * and all of them may be at a member that does not.
 */
function keepAsking({
  cluster,
  workload,
  evidence,
}: Pick<DrillParts, 'cluster' | 'workload' | 'evidence'>): AsyncDisposable {
  const ending = new AbortController()
  const { signal } = ending
  const ask = async (member: Member) => {
    while (!signal.aborted) {
      const value = `asked-${evidence.clock.nowNs()}-${member.name}`
      await workload.attempt(member, { kind: 'put', key: 'k0', value })
      await workload.attempt(member, readOfAnyKey)
      await delay(askEveryMs, undefined, { signal }).catch(() => {})
    }
  }
  const asking = cluster.doors.length > 0 ? cluster.members.map(ask) : []
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await Promise.all(asking)
    },
  }
}

/** Resolves when etcd has served a write and a linearizable read sent after that moment. */
function untilServedSince(
  workload: Workload,
  { sinceNs, deadlineMs, signal }: { sinceNs: number; deadlineMs: number; signal: AbortSignal },
): Promise<void> {
  return poll(
    () => {
      const { writeNs, readNs } = workload.lastServed()
      if (writeNs >= sinceNs && readNs >= sinceNs) return done(undefined)
      return notYet(`last ${writeNs < sinceNs ? 'write' : 'read'} served before`)
    },
    { what: 'writes and linearizable reads to be served', deadlineMs, intervalMs: 10, signal },
  )
}
