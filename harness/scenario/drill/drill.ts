import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster, Member } from '../../cluster/types.ts'
import { DeadlineError, GuaranteeBrokenError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { MarkKind } from '../../run-record/run-record.ts'
import type { Workload } from '../load/background-workload.ts'
import type { RunPlan } from '../plan.ts'
import type { Drill, InjectedFault, Scenario } from '../scenario.ts'
import type { ScenarioEvidence } from './evidence.ts'
import { injectFault, openWindow } from './inject-fault.ts'

/** A drill with what only the conductor calls. Disposing undoes every fault still in force. */
export interface OpenDrill extends Drill, AsyncDisposable {
  undoAll(): Promise<void>
}

export interface DrillParts {
  readonly cluster: Cluster
  readonly scenario: Pick<Scenario, 'faults'>
  readonly workload: Workload
  readonly evidence: ScenarioEvidence
  readonly plan: RunPlan
  readonly log: Log
  readonly signal: AbortSignal
}

const servingDeadlineMs = 30_000
const steadyDeadlineMs = 60_000

export function openDrill(parts: DrillParts): OpenDrill {
  const { cluster, workload, evidence, plan, log, signal } = parts
  const { clock, marks } = evidence
  const inForce = new Set<InjectedFault>()
  const scaled = (ms: number) => ms * plan.timeScale
  const mark = (kind: MarkKind, text: string, member?: Member) => {
    marks.push({ timeNs: clock.nowNs(), kind, text, ...(member && { member: member.name }) })
    log.step(`  ${(clock.nowNs() / 1e9).toFixed(1).padStart(5)} s  ${text}`)
  }
  const untilServing = (deadlineMs = scaled(servingDeadlineMs)) =>
    untilServedSince(workload, { sinceNs: clock.nowNs(), deadlineMs, signal })
  const keep = (injected: InjectedFault): InjectedFault => {
    const kept: InjectedFault = {
      proved: injected.proved,
      undo: async () => {
        await injected.undo()
        inForce.delete(kept)
      },
    }
    inForce.add(kept)
    return kept
  }
  /** The latest first. A fault that cannot be undone does not stop the others, and stays in force. */
  const undoAll = async () => {
    await using unwinding = new AsyncDisposableStack()
    for (const { undo } of inForce) unwinding.defer(undo)
  }
  return {
    cluster,
    seed: plan.seed,
    nowNs: clock.nowNs,
    mark,
    untilServing,
    undoAll,
    attempt: workload.attempt,
    client: workload.clientOf,
    history: evidence.recorder.history,
    stopWorkload: async () => {
      await workload.stop()
    },
    hold: (ms) => delay(scaled(ms), undefined, { signal }),
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
    markInconclusive: (reason) => {
      evidence.failures.push({ outcome: 'inconclusive', reason })
    },
    inject: async (fault, targets) => {
      signal.throwIfAborted()
      return injectFault({ ...parts, keep, mark }, fault, targets)
    },
    window: (name, effect, targets) =>
      keep(openWindow({ evidence, mark }, { name, effect }, targets)),
    untilSteady: async (when) => {
      try {
        await cluster.untilHealthy(scaled(steadyDeadlineMs))
        await untilServing()
        await workload.untilWarm(scaled(servingDeadlineMs), signal)
      } catch (thrown) {
        if (when === 'before' || !(thrown instanceof DeadlineError)) throw thrown
        const reason = `not steady again after the fault: ${thrown.message}`
        throw new GuaranteeBrokenError(
          reason,
          { expectation: 'steady-after-fault', isTooSlow: true },
          thrown,
        )
      }
      mark('steady', `steady ${when} the fault: every member healthy, writes and reads served`)
    },
    [Symbol.asyncDispose]: () => {
      evidence.unwoundNs = clock.nowNs()
      return undoAll()
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
