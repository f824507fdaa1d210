import { nsPerMs } from '../core/clock.ts'
import { operations } from './join.ts'
import { classOf, type OperationClass } from './operation-class.ts'
import type { History } from './operations.ts'
import { isRequest } from './request.ts'

/** Requests that need a leader. */
export type RequestClass = Exclude<OperationClass, 'serializable-read'>

export interface OutageWindow {
  /** When the fault came into force. */
  readonly fromNs: number
  /** Outages that begin later are not this fault's; default the end of the history. */
  readonly toNs?: number
}

export interface Outage {
  /** 0 when no request of the class was sent while none succeeded. */
  readonly outageMs: number
  readonly beginNs: number | null
  readonly endNs: number | null
  /** False: nothing of the class succeeded any more, and `outageMs` is a lower bound. */
  readonly recovered: boolean
  /**
   * How fine this could be measured: the longest pause between two requests of the class in the
   * window. The true outage may have begun this much earlier.
   */
  readonly resolutionMs: number
  /** Requests of the class in the window; with none nothing was measured: `outageMs` means nothing. */
  readonly attempts: number
}

interface Attempt {
  readonly invokedNs: number
  /** Undefined when it did not succeed. */
  readonly succeededNs: number | undefined
}

/**
 * The longest outage of one class of requests around a fault, as its clients saw it.
 *
 * A gap lies between two successes of the class that follow each other (by their completion), or
 * between the last one and the last request of the class. Its outage begins with the first request that
 * was *invoked* in the gap, which did therefore not succeed before the gap's end, and ends with the
 * success that ends the gap. So time without requests does not count, and a request that waited
 * through the fault and then succeeded does. Gaps count when they end after `fromNs` and their
 * outage begins before `toNs`. Without a fault the result is about one request's latency.
 */
export function longestOutage(
  history: History,
  requestClass: RequestClass,
  window: OutageWindow,
): Outage {
  const attempts = attemptsOf(history, requestClass)
  const { fromNs, toNs = history.events.at(-1)?.timeNs ?? fromNs } = window
  const gaps = gapsOf(attempts).filter(({ beginNs, endNs }) => endNs > fromNs && beginNs <= toNs)
  const longest = gaps.reduce<Gap | undefined>(
    (best, gap) => (best === undefined || lengthOf(gap) > lengthOf(best) ? gap : best),
    undefined,
  )
  const askedUntilNs = Math.min(toNs, attempts.at(-1)?.invokedNs ?? toNs)
  const untilNs = Math.max(longest?.endNs ?? fromNs, askedUntilNs)
  return {
    outageMs: longest === undefined ? 0 : lengthOf(longest) / nsPerMs,
    beginNs: longest?.beginNs ?? null,
    endNs: longest?.recovered ? longest.endNs : null,
    recovered: longest?.recovered ?? true,
    resolutionMs: longestPauseNs(attempts, fromNs, untilNs) / nsPerMs,
    attempts: attempts.filter(({ invokedNs }) => invokedNs >= fromNs && invokedNs <= toNs).length,
  }
}

interface Gap {
  readonly beginNs: number
  readonly endNs: number
  readonly recovered: boolean
}

const lengthOf = ({ beginNs, endNs }: Gap) => endNs - beginNs

function attemptsOf(history: History, requestClass: RequestClass): Attempt[] {
  return operations(history)
    .filter(
      (operation) => isRequest(operation.invoke) && classOf(operation.invoke) === requestClass,
    )
    .map(({ invoke, completion, outcome }) => ({
      invokedNs: invoke.timeNs,
      succeededNs: outcome === 'ok' ? completion?.timeNs : undefined,
    }))
}

function gapsOf(attempts: readonly Attempt[]): Gap[] {
  const invoked = attempts.map(({ invokedNs }) => invokedNs).sort((a, b) => a - b)
  const succeeded = attempts
    .flatMap(({ succeededNs }) => (succeededNs === undefined ? [] : [succeededNs]))
    .sort((a, b) => a - b)
  const gaps: Gap[] = []
  let next = 0
  let sinceNs = Number.NEGATIVE_INFINITY
  const close = (endNs: number, recovered: boolean) => {
    while (next < invoked.length && (invoked[next] as number) <= sinceNs) next++
    const beginNs = invoked[next]
    if (beginNs !== undefined && beginNs < endNs) gaps.push({ beginNs, endNs, recovered })
    sinceNs = endNs
  }
  for (const endNs of succeeded) close(endNs, true)
  close(invoked.at(-1) ?? Number.NEGATIVE_INFINITY, false)
  return gaps
}

/** The window's own edges count: a class that was hardly asked was hardly measured. */
function longestPauseNs(attempts: readonly Attempt[], fromNs: number, untilNs: number): number {
  const times = attempts
    .map(({ invokedNs }) => invokedNs)
    .filter((timeNs) => timeNs > fromNs && timeNs < untilNs)
    .sort((a, b) => a - b)
  let [lastNs, longestNs] = [fromNs, 0]
  for (const timeNs of [...times, untilNs]) {
    longestNs = Math.max(longestNs, timeNs - lastNs)
    lastNs = timeNs
  }
  return longestNs
}
