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
 * The named checks of one scenario. A check that etcd answers with an error does not hold; one that
 * could not be made for another reason ends the scenario, with its name, as inconclusive.
 */
export interface Checks {
  /** What the probe resolves to is the expected, to the last field. */
  equal<T>(promise: string, expected: T, probe: () => Promise<T> | T): Promise<void>
  /** `found` is said when it does not hold. */
  holds(promise: string, probe: () => Promise<Seen> | Seen): Promise<void>
  /** The request is answered with an error in these words. */
  refused(promise: string, words: string, request: () => Promise<unknown>): Promise<void>
  /** The state comes by itself within the deadline. */
  becomes<T>(
    promise: string,
    observe: () => Promise<Observation<T>> | Observation<T>,
    deadlineMs?: number,
  ): Promise<void>
  /** So often, each time with its own expectation: a fault that shows seldom has its chance. */
  equalEach(
    promise: string,
    times: number,
    attempt: (turn: number) => Promise<Attempt> | Attempt,
  ): Promise<void>
  /** How many have been made, whatever came of them. */
  made(): number
  /** The one that was made last, or is being made. */
  latest(): string | undefined
}

export interface Seen {
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
  let latest: string | undefined
  const holds: Checks['holds'] = async (promise, probe) => {
    const before = latest
    latest = promise
    const { held, found } = await seenBy(promise, probe)
    made++
    expect(held ? promise : inContext(promise, before), held, textOf(found))
  }
  return {
    holds,
    equal: (promise, expected, probe) =>
      holds(promise, async () => {
        const found = await probe()
        const held = isDeepStrictEqual(found, expected)
        return { held, found: formatFound(found, expected) }
      }),
    equalEach: (promise, times, attempt) =>
      holds(promise, async () => {
        const otherwise: string[] = []
        for (let turn = 0; turn < times; turn++) {
          const { what, found, expected } = await attempt(turn)
          if (isDeepStrictEqual(found, expected)) continue
          otherwise.push(`${what}: ${formatFound(found, expected)}`)
        }
        const held = otherwise.length === 0
        return { held, found: `${otherwise.length} of ${times} otherwise, first ${otherwise[0]}` }
      }),
    refused: (promise, words, request) =>
      holds(promise, () =>
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
    becomes: (promise, observe, deadlineMs = becomesDeadlineMs) =>
      holds(promise, () =>
        poll(observe, { what: promise, deadlineMs }).then(
          () => ({ held: true, found: '' }),
          (thrown: unknown) => {
            if (!(thrown instanceof DeadlineError)) throw thrown
            return { held: false, found: thrown.message }
          },
        ),
      ),
    made: () => made,
    latest: () => latest,
  }
}

/** Checks are read one after the other, and many go on from the one before: `nor delete`. */
function inContext(promise: string, before: string | undefined): string {
  return before === undefined ? promise : `${promise} (checked after “${before}”)`
}

async function seenBy(promise: string, probe: () => Promise<Seen> | Seen): Promise<Seen> {
  try {
    return await probe()
  } catch (thrown) {
    if (etcd.isServerRejection(thrown)) return { held: false, found: thrown.message }
    throw new CheckError(`could not check that ${promise}`, thrown)
  }
}

/** Says at which check it ended, and why. */
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
