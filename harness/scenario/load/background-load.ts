import { range } from '../../client/kv.ts'
import type { MemberClient } from '../../client/member-client.ts'
import type { Cluster } from '../../cluster/types.ts'
import { dayMs } from '../../core/durations.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { inChildProcess, type Load, type MeasuredLoad } from '../../load/index.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

/** Puts at a fixed rate beside a drill, which no history has. */
export interface BackgroundLoad extends AsyncDisposable {
  /** Ends it, and notes its measures. */
  stop(): Promise<void>
}

/** The file in the scenario's directory with all that the load measured. */
const loadFile = 'load.json'

const isLoaded = ({ faults }: Scenario, { load }: RunPlan) =>
  load !== undefined && faults.length > 0

/** The scenario as `--load` has it; one without faults stays as it is. */
export function underLoad(scenario: Scenario, plan: RunPlan): Scenario {
  if (!isLoaded(scenario, plan)) return scenario
  return {
    ...scenario,
    foreignWrites: scenario.foreignWrites ?? 'the load of the run writes beside the workload',
    skippedCheckers: {
      ...scenario.skippedCheckers,
      'write-ahead-log': 'the logs hold what the load writes, which no history has',
    },
  }
}

const keyPrefix = 'load/'
/** `/` is followed by `0`. */
const afterPrefix = 'load0'
const servedDeadlineMs = 60_000
/** Enough for a rate of thousands, and few enough to be free again soon after an outage. */
const clients = 256

/** Starts the load of the run and waits until it is served; undefined where there is none. */
export async function startBackgroundLoad(parts: {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly cluster: Cluster
  readonly evidence: ScenarioEvidence
  readonly client: MemberClient
}): Promise<BackgroundLoad | undefined> {
  const { scenario, plan, cluster, evidence, client } = parts
  if (plan.load === undefined || !isLoaded(scenario, plan)) return undefined
  const stopping = new AbortController()
  const load = loadOf(cluster, plan.load.ratePerS, scenario.workload.timeoutMs * plan.timeScale)
  const running = inChildProcess('lean').run(load, stopping.signal)
  try {
    await Promise.race([running, untilServed(client)])
  } catch (thrown) {
    stopping.abort()
    await running.catch(() => undefined)
    throw thrown
  }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopping.abort()
    stopped ??= running.then((measured) => noteLoad(evidence, measured))
    return stopped
  }
  return { stop, [Symbol.asyncDispose]: stop }
}

function untilServed(client: MemberClient): Promise<void> {
  return poll(
    async () => {
      const { count } = await range(client, { key: keyPrefix, end: afterPrefix, countOnly: true })
      return count >= clients ? done(undefined) : notYet(`${count} keys`)
    },
    { what: "the load's clients to be served", deadlineMs: servedDeadlineMs },
  )
}

function loadOf(
  { members, doors, credentials, spec }: Cluster,
  ratePerS: number,
  timeoutMs: number,
): Load {
  return {
    targets: (doors.length > 0 ? doors : members).map(({ name, clientEndpoint }) => ({
      member: name,
      endpoint: clientEndpoint,
    })),
    credentials,
    ...featuresOf(spec.version),
    operation: 'put',
    clients,
    ratePerS,
    timeoutMs,
    warmUpMs: 0,
    windowMs: dayMs,
    mostRequests: Number.MAX_SAFE_INTEGER,
    mostErrors: Number.MAX_SAFE_INTEGER,
    keys: 1_000,
    keyBytes: 20,
    keyPrefix,
    valueBytes: 256,
  }
}

/** `loadOutageMs` is the longest time in which no put of the load was acknowledged, at any member. */
async function noteLoad(evidence: ScenarioEvidence, measured: MeasuredLoad): Promise<void> {
  const { sent, acknowledged, longestGapMs, latency } = measured
  Object.assign(evidence.measures, {
    loadAcknowledged: acknowledged,
    loadNotAcknowledged: sent - acknowledged,
    loadOutageMs: Math.round(longestGapMs),
    loadP99Ms: latency.p99Ms,
  })
  await evidence.attach(loadFile, measured)
}
