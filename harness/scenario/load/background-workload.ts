import { execute } from '../../client/execute.ts'
import type { MemberClient } from '../../client/member-client.ts'
import { withTimeout } from '../../client/with-timeout.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { classOf } from '../../history/operation-class.ts'
import type { Completion, Invocation } from '../../history/recorder.ts'
import { type Addressee, invocationOf, type Request } from '../../history/request.ts'
import { startOpenLoop, type WorkloadReport } from '../../workload/open-loop.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Watchers } from '../observers/watchers.ts'
import type { RunPlan } from '../plan.ts'
import type { Attempt, Scenario } from '../scenario.ts'
import { type Clients, createDrillClients } from './clients.ts'
import { clientMembers } from './member-at.ts'
import { startWorkloadPrograms } from './programs.ts'
import type { Routes } from './route.ts'
import { planScenarioOperations, type WorkloadMemory } from './workload-memory.ts'

/** The background workload of a drill, and its clients. */
export interface Workload extends AsyncDisposable {
  /**
   * The client of a member, which the workload's own requests use too; with authentication on it is
   * root's, and the workload's own requests are an ordinary user's.
   */
  clientOf(member: Member): MemberClient
  /** The same through the door beside the member, where there is one. */
  clientBeside(member: Member): MemberClient
  /** One more request, recorded in the history like the workload's. */
  attempt(
    member: Member,
    operation: Attempt,
    patience?: { readonly timeoutMs: number },
  ): Promise<Completion>
  /** When the latest served write and linearizable read were sent; -1 = none yet. */
  lastServed(): { readonly writeNs: number; readonly readNs: number }
  /**
   * Resolves when etcd has served a second's worth of operations and, if that does not take too long,
   * each program for one turn: what a program has, such as leases, is then judged however short the
   * rest of the scenario is.
   */
  untilWarm(deadlineMs: number, signal: AbortSignal): Promise<void>
  /** The same through a door, as the workload's own. */
  attemptThrough(door: string, operation: Attempt): Promise<Completion>
  /** Sends no more requests and waits for the open ones. */
  stop(): Promise<WorkloadReport>
}

export interface WorkloadParts {
  readonly cluster: Cluster
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly evidence: ScenarioEvidence
  /** Of the drill itself, which asks particular members, and of the workload. */
  readonly routes: Routes
  /** Open the watches of programs and note compactions; a scenario without watchers does neither. */
  readonly watchers: Pick<Watchers, 'follow' | 'noteCompaction'> | undefined
  /** What the windows before left; default a workload that begins. */
  readonly memory?: WorkloadMemory | undefined
}

/** How long the first turns may take: a cluster that refuses requests is to be judged, not awaited. */
const firstTurnsMs = 5_000

/** Starts the scenario's workload: at a fixed rate, each request once, pinned to its member. */
export function startWorkload(parts: WorkloadParts): Workload {
  const { cluster, scenario, plan, evidence, routes, watchers, memory } = parts
  const { recorder, clock } = evidence
  const spec = {
    ...scenario.workload,
    timeoutMs: scenario.workload.timeoutMs * plan.timeScale,
  }
  const members = clientMembers(cluster)
  const clients = createDrillClients(cluster, routes, { timeoutMs: spec.timeoutMs, watchers })
  const { administrators, workers, visitors } = clients
  const served: Served = { writeNs: -1, readNs: -1, count: 0 }
  const skippedNs: number[] = []
  const send = async (
    by: Pick<Clients, 'of'>,
    member: Member,
    request: Request,
  ): Promise<Completion> => {
    const sentNs = clock.nowNs()
    const completion = await execute(by.of(member), request)
    if (completion.type === 'ok') {
      noteServed(served, invocationOf(request, { member: member.name }), sentNs)
    }
    return completion
  }
  const record = async (to: Addressee, operation: Attempt, sending: () => Promise<Completion>) => {
    const process = recorder.freshProcess()
    recorder.invoke(process, invocationOf(operation, to))
    const completion = await sending()
    recorder.complete(process, completion)
    return completion
  }
  const loop = startOpenLoop({
    spec,
    plan: memory?.operations ?? planScenarioOperations(scenario, plan, cluster.members.length),
    memberAt: members.memberAt,
    addresseeOf: members.addresseeOf,
    recorder,
    onSkipped: () => skippedNs.push(clock.nowNs()),
    execute: async (name, operation) => send(workers, members.find(name), operation),
  })
  const programs = startWorkloadPrograms({ ...parts, memory, members, clientOf: workers.of })
  return {
    clientOf: administrators.of,
    clientBeside: visitors.of,
    lastServed: () => served,
    stop: async () => {
      await programs?.finish()
      return loop.stop()
    },
    attempt: (member, operation, { timeoutMs } = spec) =>
      record({ member: member.name }, operation, () => {
        const patient = { of: (one: Member) => withTimeout(administrators.of(one), timeoutMs) }
        return send(patient, member, operation)
      }),
    attemptThrough: (door, operation) =>
      record({ door }, operation, () => send(workers, members.find(door), operation)),
    untilWarm: (deadlineMs, signal) => {
      const firstTurnsUntilMs = performance.now() + firstTurnsMs * plan.timeScale
      const unserved = () =>
        performance.now() < firstTurnsUntilMs ? (programs?.unserved() ?? []) : []
      return untilServed(spec.ratePerS, { served, unserved }, { deadlineMs, signal })
    },
    [Symbol.asyncDispose]: async () => {
      await using unwinding = new AsyncDisposableStack()
      unwinding.defer(clients.close)
      if (programs) unwinding.use(programs)
      const { sent, skipped, peakOpen, worstLatenessMs } = await loop.stop()
      evidence.workload = { sent, skipped, skippedNs, peakOpen, worstLatenessMs }
    },
  }
}

/** Until so many more operations, and every program that still counts, were served. */
function untilServed(
  more: number,
  seen: { readonly served: Served; readonly unserved: () => readonly unknown[] },
  waiting: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { served, unserved } = seen
  const wanted = served.count + more
  return poll(
    () => {
      if (served.count >= wanted && unserved().length === 0) return done(undefined)
      return notYet(`${served.count} served`)
    },
    { what: `${wanted} operations to be served`, intervalMs: 10, ...waiting },
  )
}

/** When the latest served write and read were sent, and how many operations were served. */
interface Served {
  writeNs: number
  readNs: number
  count: number
}

function noteServed(served: Served, invocation: Invocation, sentNs: number): void {
  served.count++
  const requestClass = classOf(invocation)
  if (requestClass === 'linearizable-read') served.readNs = Math.max(served.readNs, sentNs)
  if (requestClass === 'write') served.writeNs = Math.max(served.writeNs, sentNs)
}
