import { isDeepStrictEqual } from 'node:util'
import {
  DeadlineError,
  type Drill,
  etcd,
  GuaranteeBrokenError,
  messageOf,
  type Observation,
  poll,
} from '../../harness/index.ts'

/**
 * The checks of one scenario, each with the id and the sentence of its promise, as of
 * `Drill.expect`. A check that etcd answers with an error, or that waits for a state that does not
 * come, does not hold; one that cannot be made for another reason ends the scenario, with its
 * sentence, as inconclusive.
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
  /** etcd rejects each of the requests, one after the other, so that a rare answer shows. */
  rejectedEach(
    id: string,
    promise: string,
    words: string,
    requests: readonly (() => Promise<unknown>)[],
  ): Promise<void>
  /** The state is observed within the deadline, default the drill's `appliedMs`. */
  becomes<T>(
    id: string,
    promise: string,
    observe: () => Promise<Observation<T>> | Observation<T>,
    deadlineMs?: number,
  ): Promise<void>
  /**
   * Attempts so many times, each with its own expectation, so that a rare failure shows, or until
   * three of them differ.
   */
  equalEach(
    id: string,
    promise: string,
    times: number,
    attempt: (turn: number) => Promise<Attempt> | Attempt,
  ): Promise<void>
  /** How many checks were made, held or not. */
  made(): number
  /** How many of them did not hold. */
  failed(): number
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

/** Attempts that differ, after which further ones say no more: three tell often from rarely. */
const enoughOtherwise = 3

export function openChecks({ expect, deadlines }: Pick<Drill, 'expect' | 'deadlines'>): Checks {
  let [made, failed] = [0, 0]
  let latest: { readonly id: string; readonly promise: string } | undefined
  const holds: Checks['holds'] = async (id, promise, probe) => {
    const before = latest?.promise
    latest = { id, promise }
    const { held, found } = await seenBy(`${id} (${promise})`, probe)
    made++
    if (!held) failed++
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
        let turn = 0
        for (; turn < times && otherwise.length < enoughOtherwise; turn++) {
          const { what, found, expected } = await attempt(turn)
          if (isDeepStrictEqual(found, expected)) continue
          otherwise.push(`${what}: ${formatFound(found, expected)}`)
        }
        const held = otherwise.length === 0
        return { held, found: `${otherwise.length} of ${turn} otherwise, first ${otherwise[0]}` }
      }),
    rejected: (id, promise, words, request) =>
      holds(id, promise, () => rejectionOf(words, request)),
    rejectedEach: (id, promise, words, requests) =>
      holds(id, promise, async () => {
        for (const [index, request] of requests.entries()) {
          const { held, found } = await rejectionOf(words, request)
          if (!held) return { held, found: `request ${index + 1} of ${requests.length}: ${found}` }
        }
        return { held: requests.length > 0, found: 'no request' }
      }),
    becomes: (id, promise, observe, deadlineMs = deadlines.appliedMs) =>
      holds(id, promise, async () => {
        await poll(observe, { what: promise, deadlineMs })
        return { held: true, found: '' }
      }),
    made: () => made,
    failed: () => failed,
    latest: () => latest?.id,
  }
}

/** Whether etcd rejects the request with these words, and what it answers otherwise. */
async function rejectionOf(words: string, request: () => Promise<unknown>): Promise<Seen> {
  try {
    const answer = await request()
    return { held: false, found: answer === undefined ? 'done' : `the answer ${textOf(answer)}` }
  } catch (thrown) {
    if (!(thrown instanceof etcd.RequestError)) throw thrown
    const held = thrown.details.includes(words)
    if (!held && !etcd.isServerRejection(thrown)) throw thrown
    return { held, found: thrown.message }
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
    if (thrown instanceof GuaranteeBrokenError) throw thrown
    if (etcd.isServerRejection(thrown)) return { held: false, found: thrown.message }
    const late = latenessOf(thrown)
    if (late !== undefined) return { held: false, found: late }
    throw new CheckError(`could not check ${check}`, thrown)
  }
}

/** How long was waited for a state of etcd's that did not come, and what was last observed. */
function latenessOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof DeadlineError)) return undefined
  const { what, deadlineMs, last, whose } = thrown.fields
  if (deadlineMs === undefined || whose === 'engine') return undefined
  return `${last} after ${deadlineMs} ms of waiting for ${what}`
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
