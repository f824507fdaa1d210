import { isDeepStrictEqual } from 'node:util'
import {
  DeadlineError,
  type Drill,
  etcd,
  messageOf,
  type Observation,
  poll,
} from '../../harness/index.ts'

/**
 * The checks of one scenario, each with the id and the sentence of its promise, as of
 * `Drill.expect`. A check that etcd answers with an error does not hold; one that cannot be made
 * for another reason ends the scenario, with its sentence, as inconclusive.
 */
export interface Checks {
  /** The probe resolves to the expected value, deeply equal. */
  equal<T>(id: string, promise: string, expected: T, probe: () => Promise<T> | T): Promise<void>
  /** The failure reports `found`. */
  holds(id: string, promise: string, probe: () => Promise<Seen> | Seen): Promise<void>
  /** etcd rejects the request with an error that contains `words`. */
  rejected(
    id: string,
    promise: string,
    words: string,
    request: () => Promise<unknown>,
  ): Promise<void>
  /** The state is observed within the deadline, default 10 s. */
  becomes<T>(
    id: string,
    promise: string,
    observe: () => Promise<Observation<T>> | Observation<T>,
    deadlineMs?: number,
  ): Promise<void>
  /** Attempts so many times, each with its own expectation, so that a rare failure shows. */
  equalEach(
    id: string,
    promise: string,
    times: number,
    attempt: (turn: number) => Promise<Attempt> | Attempt,
  ): Promise<void>
  /** How many checks were made, held or not. */
  made(): number
  /** The id of the latest check, made or under way. */
  latest(): string | undefined
}

interface Seen {
  readonly held: boolean
  readonly found: unknown
}

export interface Attempt {
  /** Such as `a read at revision 5 through m2`. */
  readonly what: string
  readonly found: unknown
  readonly expected: unknown
}

const becomesDeadlineMs = 10_000

export function openChecks({ expect }: Pick<Drill, 'expect'>): Checks {
  let made = 0
  let latest: { readonly id: string; readonly promise: string } | undefined
  const holds: Checks['holds'] = async (id, promise, probe) => {
    const before = latest?.promise
    latest = { id, promise }
    const { held, found } = await seenBy(`${id} (${promise})`, probe)
    made++
    expect(id, held ? promise : inContext(promise, before), held, textOf(found))
  }
  return {
    holds,
    equal: (id, promise, expected, probe) =>
      holds(id, promise, async () => {
        const found = await probe()
        const held = isDeepStrictEqual(found, expected)
        return { held, found: formatFound(found, expected) }
      }),
    equalEach: (id, promise, times, attempt) =>
      holds(id, promise, async () => {
        const otherwise: string[] = []
        for (let turn = 0; turn < times; turn++) {
          const { what, found, expected } = await attempt(turn)
          if (isDeepStrictEqual(found, expected)) continue
          otherwise.push(`${what}: ${formatFound(found, expected)}`)
        }
        const held = otherwise.length === 0
        return { held, found: `${otherwise.length} of ${times} otherwise, first ${otherwise[0]}` }
      }),
    rejected: (id, promise, words, request) =>
      holds(id, promise, () =>
        request().then(
          (answer) => {
            const found = answer === undefined ? 'done' : `the answer ${textOf(answer)}`
            return { held: false, found }
          },
          (thrown: unknown) => {
            if (!(thrown instanceof etcd.RequestError)) throw thrown
            const held = thrown.details.includes(words)
            if (!held && !etcd.isServerRejection(thrown)) throw thrown
            return { held, found: thrown.message }
          },
        ),
      ),
    becomes: (id, promise, observe, deadlineMs = becomesDeadlineMs) =>
      holds(id, promise, () =>
        poll(observe, { what: promise, deadlineMs }).then(
          () => ({ held: true, found: '' }),
          (thrown: unknown) => {
            if (!(thrown instanceof DeadlineError)) throw thrown
            return { held: false, found: thrown.message }
          },
        ),
      ),
    made: () => made,
    latest: () => latest?.id,
  }
}

/** Checks are made in order, and some build on the state that the one before leaves. */
function inContext(promise: string, before: string | undefined): string {
  return before === undefined ? promise : `${promise} (checked after “${before}”)`
}

async function seenBy(check: string, probe: () => Promise<Seen> | Seen): Promise<Seen> {
  try {
    return await probe()
  } catch (thrown) {
    if (etcd.isServerRejection(thrown)) return { held: false, found: thrown.message }
    throw new CheckError(`could not check ${check}`, thrown)
  }
}

/** A check could not be made: which one, and why. */
export class CheckError extends Error {
  constructor(where: string, cause: unknown) {
    super(`${where}: ${messageOf(cause)}`, { cause })
    this.name = 'CheckError'
  }
}

function formatFound(found: unknown, expected: unknown): string {
  return `${textOf(found)}, not ${textOf(expected)}`
}

const mostTextLength = 300

function textOf(found: unknown): string {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? String(found))
  return text.length <= mostTextLength ? text : `${text.slice(0, mostTextLength)} …`
}
