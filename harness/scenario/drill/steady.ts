import { setTimeout as delay } from 'node:timers/promises'
import type { Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { Completion } from '../../history/recorder.ts'
import type { Workload } from '../load/background-workload.ts'
import type { Attempt, Drill } from '../scenario.ts'
import type { DrillParts } from './drill-parts.ts'
import { inTime } from './timed-promise.ts'

const serving = {
  id: 'clients-are-served',
  sentence: 'a write and a linearizable read to be served',
}
const steadyAgain = {
  id: 'steady-after-fault',
  sentence: 'every member healthy, and writes and reads served, after the fault',
}

/**
 * Waits for a cluster that serves. Before the fault a deadline says nothing about etcd; from then on
 * each wait is a promise of its own.
 */
export function createSteadyWaits(
  parts: Pick<DrillParts, 'cluster' | 'workload' | 'evidence' | 'signal'>,
  { deadlines, mark }: Pick<Drill, 'deadlines' | 'mark'>,
): Pick<Drill, 'untilServing' | 'untilSteady'> {
  const { cluster, workload, evidence, signal } = parts
  const served = async (deadlineMs = deadlines.servingMs) => {
    await using _asking = keepAsking(parts)
    await untilServedSince(workload, { sinceNs: evidence.clock.nowNs(), deadlineMs, signal })
  }
  const steady = async (when: 'before' | 'after') => {
    await cluster.untilHealthy(deadlines.healthyMs)
    await served()
    await untilAllServe(parts, { deadlineMs: deadlines.servingMs, signal })
    // The mark comes first: from then on the error budget counts what clients are not served.
    mark('steady', `steady ${when} the fault: every member healthy, writes and reads served`)
    await workload.untilWarm(deadlines.servingMs, signal)
  }
  return {
    untilServing: (deadlineMs) => inTime(serving, () => served(deadlineMs)),
    untilSteady: (when) =>
      when === 'before' ? steady(when) : inTime(steadyAgain, () => steady(when)),
  }
}

/** Every member and every door by itself. */
async function untilAllServe(
  { cluster, workload }: Pick<DrillParts, 'cluster' | 'workload'>,
  waiting: Waiting,
): Promise<void> {
  await Promise.all(cluster.members.map((each) => untilServesClients(each, workload, waiting)))
  await Promise.all(
    cluster.doors.map(({ name }) =>
      untilServed(name, () => workload.attemptThrough(name, readOfAnyKey), waiting),
    ),
  )
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
