import { setTimeout as delay } from 'node:timers/promises'
import type { Completion, Recorder } from '../history/recorder.ts'
import type { PlannedOperation } from '../history/request.ts'
import type { WorkloadPlan } from './plan.ts'
import { type AddresseeOf, createSender, type MemberAt, type SenderCounts } from './sender.ts'
import type { WorkloadSpec } from './workload.ts'

export interface OpenLoopOptions {
  readonly spec: Pick<WorkloadSpec, 'ratePerS' | 'timeoutMs'>
  readonly plan: WorkloadPlan
  readonly memberAt: MemberAt
  /** Default: all names are of members. */
  readonly addresseeOf?: AddresseeOf
  readonly recorder: Recorder
  /** Tries one request once; settles within `timeoutMs`. */
  readonly execute: (member: string, operation: PlannedOperation) => Promise<Completion>
  /** Most open requests over all members; default: what the rate needs during an outage. */
  readonly maxOpen?: number
  /** Called at once for each request that is due and not sent, because too many are open. */
  readonly onSkipped?: () => void
}

/** Facts about the workload that the history lacks. */
export interface WorkloadReport extends SenderCounts {
  /** The largest delay of a request after its intended time. */
  readonly worstLatenessMs: number
  readonly durationMs: number
}

export interface OpenLoop extends AsyncDisposable {
  /**
   * Sends no more, waits for open requests up to their timeout and notes the rest as `info`. Throws
   * the recorder's first error. The recorder stays open.
   */
  stop(): Promise<WorkloadReport>
  /** So far. */
  report(): WorkloadReport
}

/** How long after its deadline a request may still settle. */
const graceMs = 500

/**
 * Sends at a fixed rate, whatever the answers: request *n* is due *n* / rate after the start, and a
 * late one does not delay the next. A process has one open request at a time and one member; after an
 * unknown outcome it is never used again.
 */
export function startOpenLoop(options: OpenLoopOptions): OpenLoop {
  const { ratePerS, timeoutMs } = options.spec
  const settleMs = timeoutMs + graceMs
  const maxOpen = options.maxOpen ?? Math.ceil((ratePerS * settleMs) / 1_000)
  const sender = createSender({ ...options, maxOpen })
  const stopping = new AbortController()
  const startedMs = performance.now()
  let worstLatenessMs = 0
  let endedMs: number | undefined

  const running = runSchedule(ratePerS, stopping.signal, (lateMs) => {
    worstLatenessMs = Math.max(worstLatenessMs, lateMs)
    sender.offer(options.plan.next(), lateMs)
  })
  running.catch(() => stopping.abort())
  const report = (): WorkloadReport => ({
    ...sender.counts(),
    worstLatenessMs,
    durationMs: (endedMs ?? performance.now()) - startedMs,
  })
  const stop = async () => {
    stopping.abort()
    endedMs = performance.now()
    await sender.drain(settleMs)
    await running
    return report()
  }
  let stopped: Promise<WorkloadReport> | undefined
  const stopOnce = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    stop: stopOnce,
    report,
    [Symbol.asyncDispose]: async () => {
      await stopOnce()
    },
  }
}

/** Longest sleep between two looks at the schedule, which bounds the scheduler's own delay. */
const tickMs = 5

/** Calls `onDue` once for each request as it falls due, until aborted. */
async function runSchedule(
  ratePerS: number,
  signal: AbortSignal,
  onDue: (lateMs: number) => void,
): Promise<void> {
  const startedMs = performance.now()
  const intervalMs = 1_000 / ratePerS
  for (let index = 0; !signal.aborted; ) {
    const elapsedMs = performance.now() - startedMs
    while (index * intervalMs <= elapsedMs) onDue(elapsedMs - index++ * intervalMs)
    const restMs = startedMs + index * intervalMs - performance.now()
    await delay(Math.min(tickMs, Math.max(1, restMs)))
  }
}
