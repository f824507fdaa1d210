import { execute } from '../../client/execute.ts'
import { connectMember, type MemberClient } from '../../client/member-client.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { classOf } from '../../history/operation-class.ts'
import type { Completion, Invocation } from '../../history/recorder.ts'
import { invocationOf, type Request } from '../../history/request.ts'
import { startOpenLoop, type WorkloadReport } from '../../workload/open-loop.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Watchers } from '../observers/watchers.ts'
import type { RunPlan } from '../plan.ts'
import type { Attempt, Scenario } from '../scenario.ts'
import { clientMembers } from './member-at.ts'
import { startWorkloadPrograms } from './programs.ts'
import type { Route } from './route.ts'
import { planScenarioOperations, type WorkloadMemory } from './workload-memory.ts'

/** The background workload of a drill, and its clients. */
export interface Workload extends AsyncDisposable {
  /** The client of a member, which the workload's own requests use too. */
  clientOf(member: Member): MemberClient
  /** One more request, recorded in the history like the workload's. */
  attempt(member: Member, operation: Attempt): Promise<Completion>
  /** When the latest served write and linearizable read were sent; -1 = none yet. */
  lastServed(): { readonly writeNs: number; readonly readNs: number }
  /**
   * Resolves when etcd has served a second's worth of operations and, if that does not take too long,
   * each program for one turn: what a program has, such as leases, is then judged however short the
   * rest of the scenario is.
   */
  untilWarm(deadlineMs: number, signal: AbortSignal): Promise<void>
  /** Sends no more requests and waits for the open ones. */
  stop(): Promise<WorkloadReport>
}

export interface WorkloadParts {
  readonly cluster: Cluster
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly evidence: ScenarioEvidence
  readonly route: Route
  /** Open the watches of programs and note compactions; a scenario without watchers does neither. */
  readonly watchers: Pick<Watchers, 'follow' | 'noteCompaction'> | undefined
  /** Of the windows before; default a workload that begins. */
  readonly memory?: WorkloadMemory | undefined
}

/** How long the first turns may take: a cluster that refuses requests is to be judged, not awaited. */
const firstTurnsMs = 5_000

/** Starts the scenario's workload: at a fixed rate, each request once, pinned to its member. */
export function startWorkload(parts: WorkloadParts): Workload {
  const { cluster, scenario, plan, evidence, route, watchers, memory } = parts
  const { recorder, clock } = evidence
  const spec = {
    ...scenario.workload,
    timeoutMs: scenario.workload.timeoutMs * plan.timeScale,
  }
  const members = clientMembers(cluster)
  const clients = createClients((member) => connect(route, member, spec.timeoutMs, watchers))
  const served = { writeNs: -1, readNs: -1, count: 0 }
  const skippedNs: number[] = []
  const send = async (member: Member, request: Request): Promise<Completion> => {
    const sentNs = clock.nowNs()
    const completion = await execute(clients.of(member), request)
    if (completion.type === 'ok') noteServed(served, invocationOf(request, member.name), sentNs)
    return completion
  }
  const loop = startOpenLoop({
    spec,
    plan: memory?.operations ?? planScenarioOperations(scenario, plan, cluster.members.length),
    memberAt: members.memberAt,
    recorder,
    onSkipped: () => skippedNs.push(clock.nowNs()),
    execute: async (name, operation) => send(members.find(name), operation),
  })
  const programs = startWorkloadPrograms({ ...parts, memory, members, clientOf: clients.of })
  return {
    clientOf: clients.of,
    lastServed: () => served,
    stop: async () => {
      await programs?.finish()
      return loop.stop()
    },
    attempt: async (member, operation) => {
      const process = recorder.freshProcess()
      recorder.invoke(process, invocationOf(operation, member.name))
      const completion = await send(member, operation)
      recorder.complete(process, completion)
      return completion
    },
    untilWarm: (deadlineMs, signal) => {
      const wanted = served.count + spec.ratePerS
      const programsUntilMs = performance.now() + firstTurnsMs * plan.timeScale
      return poll(
        () => {
          const unserved = performance.now() < programsUntilMs ? (programs?.unserved() ?? []) : []
          if (served.count >= wanted && unserved.length === 0) return done(undefined)
          return notYet(`${served.count} served`)
        },
        { what: `${wanted} operations to be served`, deadlineMs, intervalMs: 10, signal },
      )
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

function noteServed(
  served: { writeNs: number; readNs: number; count: number },
  invocation: Invocation,
  sentNs: number,
): void {
  served.count++
  const requestClass = classOf(invocation)
  if (requestClass === 'linearizable-read') served.readNs = Math.max(served.readNs, sentNs)
  if (requestClass === 'write') served.writeNs = Math.max(served.writeNs, sentNs)
}

function createClients(connectTo: (member: Member) => MemberClient) {
  const clients = new Map<string, MemberClient>()
  return {
    of: (member: Member): MemberClient => {
      const { clientEndpoint } = member
      // By endpoint: a member that is removed and added again under its name has other ports.
      const present = clients.get(clientEndpoint)
      if (present !== undefined) return present
      const client = connectTo(member)
      clients.set(clientEndpoint, client)
      return client
    },
    close: () => {
      for (const client of clients.values()) client.close()
    },
  }
}

/** A client that notes each compaction before it requests it: it explains why a watch is cancelled. */
function connect(
  route: Route,
  { name, clientEndpoint }: Member,
  timeoutMs: number,
  watchers: Pick<Watchers, 'noteCompaction'> | undefined,
): MemberClient {
  const client = connectMember({ member: name, ...route.to(clientEndpoint), timeoutMs })
  return {
    ...client,
    call: (service, method, request, options) => {
      if (method === 'Compact') watchers?.noteCompaction(name, compactedRevision(request))
      return client.call(service, method, request, options)
    },
  }
}

const compactedRevision = (request: { readonly revision?: number }) => request.revision ?? 0
