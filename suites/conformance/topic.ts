import {
  type Drill,
  etcd,
  featuresOf,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { CheckError, type Checks, openChecks } from './checks.ts'

/** What the checks of a topic have at hand. */
export interface TopicContext {
  readonly drill: Drill
  readonly check: Checks
  /** A client of each member, beside the workload; asked beyond the last, it begins again. */
  client(index: number): etcd.MemberClient
  /** The same, by member. */
  of(member: Member): etcd.MemberClient
  /** Begins every key of this topic. */
  readonly prefix: string
  /** What the version under test has. */
  readonly has: ReturnType<typeof featuresOf>['has']
}

export interface Topic
  extends Partial<Omit<Scenario, 'id' | 'title' | 'act'>>,
    Pick<Scenario, 'title'> {
  readonly name: string
  /** Made in order; a topic's parts share nothing but the cluster. */
  readonly parts: readonly ((bench: TopicContext) => Promise<void>)[]
}

/** Light: what is checked here is not how much etcd bears, but what it answers. */
export const besides: Scenario['workload'] = { ...workloads.steady, ratePerS: 100 }

/** Of a check's request, unless it brings its own: it leaves room for a busy machine. */
const timeoutMs = 5_000

/** A scenario of the topic. It holds only if all of its checks did, and some were made. */
export function conformance({ name, parts, ...scenario }: Topic): Scenario {
  return {
    depth: 'ci',
    workload: besides,
    faults: [],
    foreignWrites: 'the checks write keys of their own beside the workload',
    ...scenario,
    id: `conformance/${name}`,
    act: async (drill) => {
      const check = openChecks(drill)
      try {
        for (const part of parts) await part(benchOf(drill, check, name))
      } catch (thrown) {
        const latest = check.latest()
        if (thrown instanceof CheckError || latest === undefined) throw thrown
        throw new CheckError(`after the check ${latest}`, thrown)
      } finally {
        drill.measure('checks', check.made())
      }
      if (check.made() === 0) throw new Error('Expected checks to be made, got none')
    },
  }
}

function benchOf(drill: Drill, check: Checks, name: string): TopicContext {
  const { members, spec } = drill.cluster
  const of = (member: Member) => patient(drill.client(member))
  return {
    drill,
    check,
    client: (index) => {
      const member = members[index % members.length]
      if (member === undefined) throw new Error('Expected a member, got none')
      return of(member)
    },
    of,
    prefix: `conformance/${name}/`,
    has: featuresOf(spec.version).has,
  }
}

/** A linearizable read: the member then has all that any member had acknowledged before. */
export async function catchUp(client: etcd.MemberClient): Promise<void> {
  await etcd.range(client, { key: 'k0', countOnly: true })
}

/** The workload's client gives up sooner than a check should: an outage is measured with it. */
function patient(client: etcd.MemberClient): etcd.MemberClient {
  return {
    ...client,
    timeoutMs,
    call: (service, method, request, options) =>
      client.call(service, method, request, { timeoutMs, ...options }),
  }
}
