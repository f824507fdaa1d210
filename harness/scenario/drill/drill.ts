import { setTimeout as delay } from 'node:timers/promises'
import type { Member } from '../../cluster/types.ts'
import type { MarkKind } from '../../run-record/run-record.ts'
import type { Drill } from '../scenario.ts'
import { promiseDeadlinesOf } from './deadlines.ts'
import type { DrillParts } from './drill-parts.ts'
import { trackFaults } from './faults-in-force.ts'
import { injectFault, openWindow } from './inject-fault.ts'
import { promisedCluster } from './promised-cluster.ts'
import { createSteadyWaits } from './steady.ts'
import { expectAccepted, expectStarts, inTime, untilKept } from './timed-promise.ts'

/** A drill with what only the conductor calls. Disposing undoes every fault still in force. */
export interface OpenDrill extends Drill, AsyncDisposable {
  /** The scenario's own steps. */
  act(): Promise<void>
  undoAll(): Promise<void>
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
  const steady = createSteadyWaits(parts, { deadlines, mark })
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
    untilServing: steady.untilServing,
    untilSteady: async (when) => {
      await steady.untilSteady(when)
      wasSteady = true
    },
    [Symbol.asyncDispose]: () => {
      evidence.unwoundNs = clock.nowNs()
      return inForce.undoAll()
    },
  }
  return drill
}
