import type { Load, MeasuredLoad } from './generator.ts'
import { openHistogramSeries } from './histogram-series.ts'
import { type Usage, usage, usedBetween } from './usage.ts'

/**
 * Counts one run of a generator. Its clock, warm-up first, starts when every client has its first
 * answer, or after a request's deadline: hundreds of TLS handshakes are not throughput. In an open
 * loop it starts with the first answer, since not every client may have a turn soon.
 */
export interface Tally {
  /**
   * Whether time, count and errors allow another request, due at this time; default now. An open loop
   * goes on until all that is due in the window has started, or for a request's deadline longer.
   */
  goesOn(dueMs?: number): boolean
  /**
   * Counts an acknowledged request; `client` may be any value that identifies the client. It belongs
   * to the time of its answer, and in an open loop to the time at which it was due.
   */
  acknowledged(client: unknown, latencyMs: number): void
  /** Counts a request without acknowledgement; `fail` = it certainly had no effect. */
  failed(kind: string, outcome?: 'info' | 'fail'): void
  /** When the window was over, or the run before it; now, while it goes on. */
  endMs(): number
  /** Ends the run; `sent` is needed when some requests have no answer at all. */
  finish(sent?: number): Counted
}

type Counted = Omit<MeasuredLoad, 'members' | 'clients' | 'operation' | 'notStarted'>

export type TallyOptions = Pick<
  Load,
  'clients' | 'warmUpMs' | 'windowMs' | 'mostRequests' | 'timeoutMs' | 'ratePerS' | 'mostErrors'
>

/** On top of one for each client: with more the cluster cannot be measured. */
const errorsTolerated = 100
const mostKinds = 20

export function startTally(options: TallyOptions, signal?: AbortSignal): Tally {
  const { clients, warmUpMs, windowMs, mostRequests, timeoutMs, ratePerS } = options
  const { mostErrors = clients + errorsTolerated } = options
  const latencies = openHistogramSeries(windowMs)
  const eachSecond = Array.from({ length: Math.floor(windowMs / 1_000) }, () => 0)
  const errors: Record<string, number> = {}
  const counts = { acknowledged: 0, failed: 0, refused: 0, inWindow: 0 }
  const answered = new Set<unknown>()
  const awaited = ratePerS === undefined ? clients : 1
  const openedMs = performance.now()
  /** When the window begins. */
  let windowFromMs = Number.POSITIVE_INFINITY
  let begin = usage()
  let warm: NodeJS.Timeout | undefined
  let end: Usage | undefined
  const gaps = trackGaps()

  const startClock = (nowMs: number) => {
    windowFromMs = nowMs + warmUpMs
    warm = setTimeout(() => {
      begin = usage()
    }, warmUpMs)
  }
  const endedBy = (nowMs: number, dueMs: number): MeasuredLoad['endedBy'] | undefined => {
    if (signal?.aborted === true) return 'signal'
    if (counts.failed > mostErrors) return 'errors'
    if (counts.acknowledged + counts.failed >= mostRequests) return 'count'
    const untilMs = windowFromMs + windowMs
    return dueMs >= untilMs || nowMs >= untilMs + timeoutMs ? 'time' : undefined
  }
  return {
    goesOn: (due) => {
      if (end !== undefined) return false
      const nowMs = performance.now()
      const isReady = answered.size >= awaited || nowMs >= openedMs + timeoutMs
      if (isReady && warm === undefined) startClock(nowMs)
      const over = endedBy(nowMs, due ?? nowMs) !== undefined
      if (over) end = usage()
      return !over
    },
    acknowledged: (client, latencyMs) => {
      counts.acknowledged++
      gaps.acknowledged()
      if (warm === undefined) answered.add(client)
      const atMs = performance.now() - windowFromMs - (ratePerS === undefined ? 0 : latencyMs)
      if (atMs < 0 || atMs >= windowMs) return
      counts.inWindow++
      latencies.record(atMs, latencyMs)
      const second = Math.floor(atMs / 1_000)
      if (second < eachSecond.length) eachSecond[second] = (eachSecond[second] ?? 0) + 1
    },
    failed: (kind, outcome = 'info') => {
      counts.failed++
      if (outcome === 'fail') counts.refused++
      const known = kind in errors || Object.keys(errors).length < mostKinds ? kind : 'other'
      errors[known] = (errors[known] ?? 0) + 1
    },
    endMs: () => Math.min(end?.atMs ?? performance.now(), windowFromMs + windowMs),
    finish: (sent = counts.acknowledged + counts.failed) => {
      clearTimeout(warm)
      const until = end ?? usage()
      const measuredMs = Math.max(0, Math.min(windowMs, until.atMs - windowFromMs))
      const { acknowledged, refused, inWindow } = counts
      return {
        ...(ratePerS !== undefined && { ratePerS }),
        sent,
        acknowledged,
        refused,
        errors,
        revisions: { atLeast: acknowledged, atMost: sent - refused },
        windowMs: measuredMs,
        inWindow,
        writesPerS: measuredMs === 0 ? 0 : inWindow / (measuredMs / 1_000),
        eachSecond: eachSecond.slice(0, Math.ceil(measuredMs / 1_000)),
        ...latencies.summary(),
        ...usedBetween(begin, until),
        longestGapMs: gaps.longestMs(until.atMs),
        endedBy: endedBy(until.atMs, until.atMs) ?? 'time',
      }
    },
  }
}

/** The longest time without an acknowledged request; none before the first. */
function trackGaps() {
  let lastMs: number | undefined
  let longestMs = 0
  const note = (nowMs: number) => {
    if (lastMs !== undefined) longestMs = Math.max(longestMs, nowMs - lastMs)
  }
  return {
    acknowledged: () => {
      const nowMs = performance.now()
      note(nowMs)
      lastMs = nowMs
    },
    longestMs: (endMs: number) => {
      note(endMs)
      return longestMs
    },
  }
}

/** The kind of an error: its text with every number as `#`, which would differ each time. */
export function kindOf(text: string): string {
  return text.replaceAll(/\d+/g, '#').slice(0, 120)
}
