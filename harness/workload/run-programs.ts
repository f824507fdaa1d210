import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../core/random.ts'
import type { WithoutTime } from '../history/entry-log.ts'
import type { LeaseEntry } from '../history/lease-log.ts'
import type { Completion, Recorder } from '../history/recorder.ts'
import { invocationOf, type Request } from '../history/request.ts'
import { type Client, type LeaseRequest, type Step, type Turn, txn } from './program.ts'
import { programs } from './programs/index.ts'
import type { ProgramSpec } from './workload.ts'

/** How the runner reaches a member; each is tried once and settles within its deadline. */
export interface ProgramRequests {
  send(memberIndex: number, request: Request): Promise<Completion>
  lease(memberIndex: number, request: LeaseRequest): Promise<Completion>
  /** What came of it does not matter. */
  compact(memberIndex: number, revision: number): Promise<void>
}

export interface ProgramOptions {
  readonly specs: readonly ProgramSpec[]
  readonly random: Random
  readonly members: readonly string[]
  readonly recorder: Recorder
  /** Where requests about leases are noted. */
  readonly noteLease: (entry: WithoutTime<LeaseEntry>) => void
  readonly leaseSlackMs: number
  readonly requests: ProgramRequests
}

export interface Programs extends AsyncDisposable {
  /**
   * Takes no more turns, waits for what is open and asks what is still to be asked at the end.
   * Throws what the recorder or a program threw.
   */
  finish(): Promise<void>
}

/**
 * Runs every client of every program, each with one request open at a time, at even distances; one
 * that is late delays its client's next. After anything but `ok` the turn is over, and the client
 * goes on with a fresh process at the next member. Disposing waits for what is open and no more.
 */
export function startPrograms(options: ProgramOptions): Programs {
  const stopping = new AbortController()
  const disposing = new AbortController()
  const running = options.specs.flatMap((spec) =>
    Array.from({ length: spec.clients }, (_, index) => startClient(options, spec, index)),
  )
  const taking = Promise.all(running.map((one) => takeTurns(one, stopping.signal)))
  taking.catch(() => stopping.abort())
  const end = async () => {
    stopping.abort()
    await taking
    await Promise.all(
      running.map(
        ({ client, doer }) => client.finish && run(client.finish(), doer, disposing.signal),
      ),
    )
  }
  let finished: Promise<void> | undefined
  const finish = () => {
    finished ??= end()
    return finished
  }
  return {
    finish,
    [Symbol.asyncDispose]: async () => {
      disposing.abort()
      await finish()
    },
  }
}

interface Running {
  readonly client: Client
  readonly doer: Doer
  readonly intervalMs: number
  readonly phaseMs: number
}

function startClient(options: ProgramOptions, spec: ProgramSpec, index: number): Running {
  const { random, leaseSlackMs } = options
  const place = { client: index, random: random.fork(`${spec.name}/${index}`), leaseSlackMs }
  const intervalMs = (1_000 * spec.clients) / spec.ratePerS
  return {
    client: programs[spec.name](place),
    doer: createDoer(options, index),
    intervalMs,
    phaseMs: (intervalMs * index) / spec.clients,
  }
}

async function takeTurns(
  { client, doer, intervalMs, phaseMs }: Running,
  signal: AbortSignal,
): Promise<void> {
  let dueMs = performance.now() + phaseMs
  const untilDue = async () => {
    await pause(dueMs - performance.now(), signal)
    dueMs = Math.max(dueMs, performance.now()) + intervalMs
  }
  while (!signal.aborted) await run(client.turn(), doer, signal, untilDue)
}

/** One turn, to its end or to the first answer that ends it. */
async function run(
  turn: Turn,
  doer: Doer,
  signal: AbortSignal,
  untilDue: () => Promise<void> = async () => {},
): Promise<void> {
  for (let next = turn.next(); next.done !== true && !signal.aborted; ) {
    await untilDue()
    if (signal.aborted) return
    const step = next.value
    const completion = await doer.take(step, signal)
    if (completion.type !== 'ok') doer.moveOn()
    if (completion.type !== 'ok' && step.tolerant !== true) return
    next = turn.next(completion)
  }
}

interface Doer {
  take(step: Step, signal: AbortSignal): Promise<Completion>
  /** A fresh process at the next member. */
  moveOn(): void
}

const done: Completion = { type: 'ok' }

function createDoer({ members, recorder, noteLease, requests }: ProgramOptions, at: number): Doer {
  let memberIndex = at % members.length
  let process = recorder.freshProcess()
  const member = () => members[memberIndex] ?? '?'
  const send = async (request: Request) => {
    recorder.invoke(process, invocationOf(request, member()))
    const completion = await requests.send(memberIndex, request)
    recorder.complete(process, completion)
    return completion
  }
  const askLease = async (request: LeaseRequest) => {
    const { kind: f, ...asked } = request
    noteLease({ type: 'invoke', process, f, member: member(), ...asked })
    const { type, ...told } = await requests.lease(memberIndex, request)
    noteLease({ type, process, f, lease: request.lease, ...told })
    return { type, ...told }
  }
  return {
    moveOn: () => {
      process = recorder.freshProcess()
      memberIndex = (memberIndex + 1) % members.length
    },
    take: async ({ tolerant: _, ...step }, signal) => {
      switch (step.kind) {
        case 'wait':
          await pause(step.ms, signal)
          return done
        case 'compact':
          await requests.compact(memberIndex, step.revision)
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

/** Never answered: etcd deletes the keys by itself, at a time of its own or not at all. */
function noteExpiry(
  recorder: Recorder,
  { lease, keys }: { readonly lease: string; readonly keys: readonly string[] },
): void {
  const deletes = keys.map((key) => ['delete', key] as const)
  const { kind: f, value } = txn([], deletes)
  recorder.invoke(recorder.freshProcess(), { f, value, expiryOf: lease })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(Math.max(0, ms), undefined, { signal }).catch(() => {})
}
