import {
  clientsHave,
  type Drill,
  etcd,
  type featuresOf,
  GuaranteeBrokenError,
  type Member,
  type Scenario,
  traitsOf,
  workloads,
} from '../../harness/index.ts'
import { CheckError, type Checks, openChecks } from './checks.ts'
import { collectWatch, type WatchCollector } from './watches/collector.ts'

/** What the checks of a topic use. */
export interface TopicContext {
  readonly drill: Drill
  readonly check: Checks
  /**
   * A client like the workload's, of a member or the door beside it; an index beyond the last member wraps
   * around.
   */
  client(index: number): etcd.MemberClient
  /** Of that member itself. */
  of(member: Member): etcd.MemberClient
  /** Starts to read a stream of watches; what it waits for may take as long as an applied write. */
  collect(watch: etcd.Watch): WatchCollector
  /** The prefix of every key of this topic. */
  readonly prefix: string
  /** What the version under test has, and clients behind its doors. */
  readonly has: ReturnType<typeof featuresOf>['has']
}

export interface Topic
  extends Partial<Omit<Scenario, 'id' | 'title' | 'act'>>,
    Pick<Scenario, 'title'> {
  readonly name: string
  /** Run in order; they share only the cluster. */
  readonly parts: readonly TopicPart[]
}

export type TopicPart = (context: TopicContext) => Promise<void>

/** A light workload: the checks are about answers, not about load. */
export const lightWorkload: Scenario['workload'] = { ...workloads.steady, ratePerS: 100 }

/** A check's, by default: the workload's is short, to measure outages, and a machine may be busy. */
const timeoutMs = 5_000

/** A scenario of the topic. It holds when all of its checks hold and it made at least one. */
export function conformance({ name, parts, ...scenario }: Topic): Scenario {
  return {
    depth: 'ci',
    workload: lightWorkload,
    faults: [],
    foreignWrites: 'the checks write keys of their own beside the workload',
    ...scenario,
    id: `conformance/${name}`,
    act: async (drill) => {
      const check = openChecks(drill)
      noteLacks(drill)
      try {
        for (const part of parts) {
          await drill.inTime(
            'step-between-checks-completes',
            `the steps of ${name} between its checks to complete`,
            () => part(contextOf(drill, check, name)),
          )
        }
      } catch (thrown) {
        const latest = check.latest()
        const isSaid = [CheckError, GuaranteeBrokenError].some((type) => thrown instanceof type)
        if (isSaid || latest === undefined || etcd.isServerRejection(thrown)) throw thrown
        throw new CheckError(`after the check ${latest}`, thrown)
      } finally {
        drill.measure('checks', check.made())
      }
      if (check.made() === 0) throw new RangeError('Expected checks to be made, got none')
    },
  }
}

/**
 * For a server that lies in one answer of twenty: one look at an answer misses the lie 19 times in
 * 20, a hundred looks once in 169. A topic looks ten times or more in a turn at each kind of answer;
 * parts of one that looks twenty or thirty times take fewer turns.
 */
const turns = 10

/** The part, many times, each time on keys of its own, until a check of it does not hold. */
export const repeat =
  (part: TopicPart, times = turns): TopicPart =>
  async (context) => {
    const failed = context.check.failed()
    for (let turn = 0; turn < times && context.check.failed() === failed; turn++) {
      await part({ ...context, prefix: `${context.prefix}${turn}/` })
    }
  }

/** Checks of it are left out, as on a version without. */
function noteLacks({ cluster: { spec }, mark }: Drill): void {
  const lacks = traitsOf(spec)?.lacks ?? []
  if (lacks.length > 0) mark('note', `not asked behind a ${spec.door}: ${lacks.join(', ')}`)
}

function contextOf(drill: Drill, check: Checks, name: string): TopicContext {
  const { members, spec } = drill.cluster
  const of = (member: Member) => etcd.withTimeout(drill.client(member), timeoutMs)
  return {
    drill,
    check,
    client: (index) => {
      const member = members[index % members.length]
      if (member === undefined) throw new RangeError('Expected a member, got none')
      return etcd.withTimeout(drill.clientBeside(member), timeoutMs)
    },
    of,
    collect: (watch) => collectWatch(watch, { deadlineMs: drill.deadlines.appliedMs }),
    prefix: `conformance/${name}/`,
    has: (feature) => clientsHave(spec, feature),
  }
}

/** Reads linearizably, after which the member has everything that was acknowledged before. */
export async function catchUp(client: etcd.MemberClient): Promise<void> {
  await etcd.range(client, { key: 'k0', countOnly: true })
}
