import { execute } from '../../client/execute.ts'
import { executeLease } from '../../client/execute-lease.ts'
import { compact } from '../../client/kv.ts'
import type { MemberClient } from '../../client/member-client.ts'
import type { Member } from '../../cluster/types.ts'
import { openJsonlRecorder } from '../../history/logs/jsonl.ts'
import type { LeaseEntry, LeaseHeader } from '../../history/logs/lease.ts'
import { type Programs, startPrograms } from '../../workload/run-programs.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Watchers } from '../observers/watchers.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import type { ClientMembers } from './member-at.ts'
import { leaseSlackOf, programsRandom, type WorkloadMemory } from './workload-memory.ts'

/** Starts the programs of the scenario's workload; undefined when it has none. */
export function startWorkloadPrograms({
  members,
  scenario,
  plan,
  evidence,
  clientOf,
  watchers,
  memory,
}: {
  readonly members: ClientMembers
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly evidence: ScenarioEvidence
  readonly clientOf: (member: Member) => MemberClient
  readonly watchers: Pick<Watchers, 'follow'> | undefined
  readonly memory: WorkloadMemory | undefined
}): Programs | undefined {
  const { programs: specs = [] } = scenario.workload
  if (specs.length === 0) return undefined
  const slackMs = leaseSlackOf(plan)
  const leases = openLeases(evidence, {
    slackMs,
    waitsForExpiry: specs.some(({ name }) => name === 'leases'),
  })
  evidence.leases = leases
  const at = (name: string) => clientOf(members.find(name))
  const programs = startPrograms({
    specs,
    ...(memory && { clients: memory.clients }),
    random: programsRandom(scenario, plan),
    memberAt: members.memberAt,
    addresseeOf: members.addresseeOf,
    recorder: evidence.recorder,
    noteLease: leases.note,
    leaseSlackMs: slackMs,
    requests: {
      send: async (member, request) => execute(at(member), request),
      lease: async (member, request) => executeLease(at(member), request),
      compact: (member, revision) => compact(at(member), revision).catch(() => {}),
      watch: (member, from) => watchers?.follow(member, from),
    },
  })
  return {
    unserved: programs.unserved,
    finish: programs.finish,
    [Symbol.asyncDispose]: async () => {
      await using _closing = leases
      await programs[Symbol.asyncDispose]()
      // The leader's observer goes on until the cluster is given up.
      evidence.leases = undefined
    },
  }
}

function openLeases(
  { directory, clock }: ScenarioEvidence,
  said: Pick<LeaseHeader, 'slackMs' | 'waitsForExpiry'>,
) {
  const header = { format: 'gauntlet-lease/1', ...said } as const
  const path = directory.leases
  return openJsonlRecorder<LeaseHeader, LeaseEntry>({ path, header, clock })
}
