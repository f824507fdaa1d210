import { status } from '@grpc/grpc-js'
import { isServerRejection } from '../../client/request-error.ts'
import { MemberExitedError } from '../../cluster/errors.ts'
import {
  DeadlineError,
  EnvironmentError,
  GuaranteeBrokenError,
  ToolError,
} from '../../core/errors.ts'
import { type Observation, poll } from '../../core/poll.ts'
import { statusCodeOf } from '../../engine/connect.ts'

/** Something that etcd promises to come true in time. */
export interface TimedPromise {
  /** Kebab-case and stable, as of `Drill.expect`. */
  readonly id: string
  /** Reads on from "expected". */
  readonly sentence: string
}

export interface PromisePolling {
  readonly deadlineMs: number
  readonly intervalMs?: number
  readonly signal?: AbortSignal
}

/** With fewer looks the machine, not etcd, used up the time. */
const leastLooks = 3

/**
 * Polls until the promised state is observed, and resolves to its value. Past the deadline throws a
 * GuaranteeBrokenError that says how long was waited and what was last observed. Throws a
 * DeadlineError instead where etcd may have kept its promise: the engine could not look, or hardly
 * any look was taken.
 */
export async function untilKept<T>(
  promise: TimedPromise,
  observe: () => Promise<Observation<T>> | Observation<T>,
  polling: PromisePolling,
): Promise<T> {
  let looks = 0
  let obstacle: unknown
  const look = async () => {
    try {
      const seen = await observe()
      obstacle = undefined
      return seen
    } catch (thrown) {
      obstacle = isEngineError(thrown) ? thrown : undefined
      throw thrown
    } finally {
      looks++
    }
  }
  try {
    return await poll(look, { ...polling, what: promise.sentence })
  } catch (thrown) {
    throw looks < leastLooks || obstacle !== undefined ? thrown : asBroken(promise, thrown)
  }
}

/** Awaits a promised state. A deadline of etcd's becomes a GuaranteeBrokenError. */
export async function inTime<T>(promise: TimedPromise, wait: () => Promise<T>): Promise<T> {
  try {
    return await wait()
  } catch (thrown) {
    throw asBroken(promise, thrown)
  }
}

/** Does what starts members. One that exits, though it ran before, is a GuaranteeBrokenError. */
export async function expectStarts<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (thrown) {
    if (!(thrown instanceof MemberExitedError)) throw thrown
    const sentence = `member ${thrown.fields.member} to run once it is started`
    throw new GuaranteeBrokenError(
      `expected ${sentence}, observed exit status ${thrown.fields.exitStatus}: ${thrown.message}`,
      { expectation: 'started-member-runs' },
      thrown,
    )
  }
}

/**
 * Takes steps whose requests etcd must accept. One that etcd itself rejects, with no fault in force,
 * is a GuaranteeBrokenError; a request without an answer may be the machine's fault.
 */
export async function expectAccepted<T>(
  steps: () => Promise<T>,
  hasFaults: () => boolean,
): Promise<T> {
  try {
    return await steps()
  } catch (thrown) {
    if (!isServerRejection(thrown) || thrown.grpcCode === status.UNIMPLEMENTED || hasFaults()) {
      throw thrown
    }
    throw new GuaranteeBrokenError(
      `expected a request of the scenario to be accepted, observed ${thrown.message}`,
      { expectation: 'request-is-accepted' },
      thrown,
    )
  }
}

/** A state that did not come by its deadline; anything else is what it was. */
function asBroken({ id, sentence }: TimedPromise, thrown: unknown): unknown {
  if (!(thrown instanceof DeadlineError)) return thrown
  const { what, deadlineMs, last, whose } = thrown.fields
  // Without a deadline of a poll it is one request that was not answered.
  if (deadlineMs === undefined || whose === 'engine') return thrown
  const found =
    what === sentence
      ? ` within ${deadlineMs} ms, observed ${last}`
      : `, observed ${last} after ${deadlineMs} ms of waiting for ${what}`
  return new GuaranteeBrokenError(
    `expected ${sentence}${found}`,
    { expectation: id, isTooSlow: true },
    thrown,
  )
}

function isEngineError(thrown: unknown): boolean {
  return (
    thrown instanceof EnvironmentError ||
    thrown instanceof ToolError ||
    statusCodeOf(thrown) !== undefined
  )
}
