import { setTimeout as delay } from 'node:timers/promises'
import { nsPerMs } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Completion, Recorder } from '../history/recorder.ts'
import { type Addressee, invocationOf, type PlannedOperation } from '../history/request.ts'

/**
 * The name of the member that clients with this index use now, or of the door that they use instead;
 * indexes wrap around.
 */
export type MemberAt = (memberIndex: number) => string

/** How a history notes a request to what has that name. */
export type AddresseeOf = (name: string) => Addressee

export const toMember: AddresseeOf = (member) => ({ member })

export interface SenderOptions {
  readonly memberAt: MemberAt
  /** Default: all names are of members. */
  readonly addresseeOf?: AddresseeOf
  readonly recorder: Recorder
  readonly execute: (member: string, operation: PlannedOperation) => Promise<Completion>
  readonly maxOpen: number
  /** Called at once for each request that is skipped. */
  readonly onSkipped?: () => void
}

export interface SenderCounts {
  readonly sent: number
  readonly ok: number
  readonly fail: number
  readonly info: number
  /** Planned but not sent, because `maxOpen` were open: the rate was below the planned one. */
  readonly skipped: number
  readonly peakOpen: number
  readonly processes: number
}

/** Sends operations, each through a process of its member, and notes them in the history. */
export interface Sender {
  /**
   * Sends at once, or skips when too many requests are open. Never waits. `lateMs` is how long ago the
   * request was due.
   */
  offer(operation: PlannedOperation, lateMs?: number): void
  /** Waits for open requests, at most this long, and notes the rest as `info`. */
  drain(atMostMs: number): Promise<void>
  counts(): SenderCounts
}

export function createSender(options: SenderOptions): Sender {
  const { memberAt, addresseeOf = toMember, recorder, execute, maxOpen, onSkipped } = options
  const processes = createProcesses(recorder.freshProcess)
  const open = new Map<number, Promise<void>>()
  const counts = { sent: 0, ok: 0, fail: 0, info: 0, skipped: 0, peakOpen: 0 }

  const complete = (process: number, completion: Completion) => {
    counts[completion.type]++
    recorder.complete(process, completion)
  }
  const send = async (process: number, member: string, operation: PlannedOperation) => {
    const completion = await execute(member, operation).catch(unexpected)
    // `drain` has noted its outcome already, and the recorder may be closed.
    if (!open.delete(process)) return
    complete(process, completion)
    if (completion.type !== 'info') processes.giveBack(member, process)
  }
  return {
    offer: (operation, lateMs = 0) => {
      if (open.size >= maxOpen) {
        counts.skipped++
        onSkipped?.()
        return
      }
      const member = memberAt(operation.memberIndex)
      const process = processes.take(member)
      const invocation = invocationOf(operation, addresseeOf(member))
      recorder.invoke(process, { ...invocation, ...lateness(lateMs) })
      counts.sent++
      open.set(process, send(process, member, operation))
      counts.peakOpen = Math.max(counts.peakOpen, open.size)
    },
    drain: async (atMostMs) => {
      const timer = new AbortController()
      await Promise.race([
        Promise.all(open.values()),
        delay(atMostMs, undefined, { signal: timer.signal }).catch(() => {}),
      ])
      timer.abort()
      for (const process of open.keys()) {
        complete(process, { type: 'info', error: 'no outcome when the run ended' })
      }
      open.clear()
    },
    counts: () => ({ ...counts, processes: processes.count() }),
  }
}

/** The scheduler wakes up every few milliseconds: less is no delay of this machine's. */
const leastLateMs = 5

function lateness(lateMs: number): { readonly lateNs?: number } {
  return lateMs < leastLateMs ? {} : { lateNs: Math.round(lateMs * nsPerMs) }
}

const unexpected = (thrown: unknown): Completion => ({ type: 'info', error: messageOf(thrown) })

/** Idle processes by member; the last one used goes first, so that their number stays small. */
function createProcesses(fresh: () => number) {
  const idle = new Map<string, number[]>()
  let count = 0
  return {
    take: (member: string): number => {
      const process = idle.get(member)?.pop()
      if (process !== undefined) return process
      count++
      return fresh()
    },
    giveBack: (member: string, process: number) => {
      const own = idle.get(member) ?? []
      own.push(process)
      idle.set(member, own)
    },
    count: () => count,
  }
}
