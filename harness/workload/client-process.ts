import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../core/random.ts'
import type { WithoutTime } from '../history/logs/jsonl.ts'
import type { LeaseEntry } from '../history/logs/lease.ts'
import type { Completion, Recorder } from '../history/recorder.ts'
import { invocationOf, type Request } from '../history/request.ts'
import { type LeaseRequest, type ProgramClient, type ProgramStep, txn } from './program.ts'
import { type AddresseeOf, type MemberAt, toMember } from './sender.ts'
import type { ProgramSpec } from './workload.ts'

/** How the runner reaches a member; each is tried once and settles within its deadline. */
interface ProgramRequests {
  send(member: string, request: Request): Promise<Completion>
  lease(member: string, request: LeaseRequest): Promise<Completion>
  /** Its result does not matter. */
  compact(member: string, revision: number): Promise<void>
  /** Returns at once; `watch.jsonl` has what the watcher receives. */
  watch(member: string, fromRevision: number): void
}

export interface ProgramOptions {
  readonly specs: readonly ProgramSpec[]
  /** Those of an earlier start, which go on; default new ones. */
  readonly clients?: readonly ProgramClient[]
  readonly random: Random
  readonly memberAt: MemberAt
  /** Default: all names are of members. */
  readonly addresseeOf?: AddresseeOf
  readonly recorder: Recorder
  /** The log of requests about leases. */
  readonly noteLease: (entry: WithoutTime<LeaseEntry>) => void
  readonly leaseSlackMs: number
  readonly requests: ProgramRequests
}

/** The process of one client, and its member. */
export interface ClientProcess {
  take(step: ProgramStep, signal: AbortSignal): Promise<Completion>
  /** Continues as a new process at the next member. */
  moveOn(): void
}

const done: Completion = { type: 'ok' }

export function createClientProcess(
  { memberAt, addresseeOf = toMember, recorder, noteLease, requests }: ProgramOptions,
  at: number,
): ClientProcess {
  let memberIndex = at
  let member = memberAt(memberIndex)
  let process = recorder.freshProcess()
  const connect = () => {
    member = memberAt(memberIndex)
    process = recorder.freshProcess()
  }
  const send = async (request: Request) => {
    recorder.invoke(process, invocationOf(request, addresseeOf(member)))
    const completion = await requests.send(member, request)
    recorder.complete(process, completion)
    return completion
  }
  const askLease = async (request: LeaseRequest) => {
    const { kind: f, ...asked } = request
    noteLease({ type: 'invoke', process, f, ...addresseeOf(member), ...asked })
    const { type, ...result } = await requests.lease(member, request)
    noteLease({ type, process, f, lease: request.lease, ...result })
    return { type, ...result }
  }
  return {
    moveOn: () => {
      memberIndex++
      connect()
    },
    take: async ({ tolerant: _, ...step }, signal) => {
      if (memberAt(memberIndex) !== member) connect()
      switch (step.kind) {
        case 'wait':
          await pause(step.ms, signal)
          return done
        case 'compact':
          await requests.compact(member, step.revision)
          return done
        case 'watch':
          requests.watch(member, step.fromRevision)
          return done
        case 'may-expire':
          noteExpiry(recorder, step)
          return done
        case 'grant':
        case 'keepalive':
        case 'revoke':
          return askLease(step)
        default:
          return send(step)
      }
    },
  }
}

/** Has no answer: etcd deletes the keys of an expired lease at a time of its own, or never. */
function noteExpiry(
  recorder: Recorder,
  { lease, keys }: { readonly lease: string; readonly keys: readonly string[] },
): void {
  const deletes = keys.map((key) => ['delete', key] as const)
  const { kind: f, value } = txn([], deletes)
  recorder.invoke(recorder.freshProcess(), { f, value, expiryOf: lease })
}

/** Resolves early, without an error, when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(Math.max(0, ms), undefined, { signal }).catch(() => {})
}
