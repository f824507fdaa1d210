import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError, messageOf } from './errors.ts'

/** What is awaited, and for how long. */
export interface PollOptions {
  /** What is awaited, as it completes "waited … for". */
  readonly what: string
  readonly deadlineMs: number
  /** Between two looks; default 25. */
  readonly intervalMs?: number
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal
  /** Whose state it is: past a deadline of the container engine's nothing is known of etcd. */
  readonly whose?: 'engine'
}

/** One look at a state: as wanted, with its value, or not yet, with what it was. */
export type Observation<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly last: string }

/**
 * Observes a state again and again until it is as wanted, and returns its value. An observation
 * that throws counts as "not yet". At the deadline throws a DeadlineError that says what the state
 * last was.
 */
export async function poll<T>(
  observe: () => Promise<Observation<T>> | Observation<T>,
  options: PollOptions,
): Promise<T> {
  const startedMs = performance.now()
  let last = 'nothing observed'
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      const seen = await observe()
      if (seen.done) return seen.value
      last = seen.last
    } catch (thrown) {
      last = messageOf(thrown)
    }
    if (performance.now() - startedMs >= options.deadlineMs) {
      throw new DeadlineError(
        `Waited ${options.deadlineMs} ms for ${options.what}; last seen: ${last}`,
        { what: options.what, deadlineMs: options.deadlineMs, last, whose: options.whose },
      )
    }
    await delay(
      options.intervalMs ?? 25,
      undefined,
      options.signal ? { signal: options.signal } : {},
    )
  }
}

/** The state is as wanted; `poll` resolves to the value. */
export const done = <T>(value: T): Observation<T> => ({ done: true, value })
/** It is not; `poll` names the last such text when the deadline passes. */
export const notYet = (last: string): Observation<never> => ({ done: false, last })
