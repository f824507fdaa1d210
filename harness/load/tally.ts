import type { ClosedLoad, MeasuredLoad } from './generator.ts'
import { encodeHistogram, latencyOf, openHistogram, recordLatency } from './latency.ts'

/**
 * Counts one run of a generator. Its clock, warm-up first, starts when every client has its first
 * answer, or after a request's deadline: hundreds of TLS handshakes are not throughput.
 */
export interface Tally {
  /** Whether time, count and errors allow another write. */
  goesOn(): boolean
  /** Counts an acknowledged write; `client` may be any value that identifies the client. */
  acknowledged(client: unknown, latencyMs: number): void
  /** Counts a write without acknowledgement, whose outcome is unknown. */
  failed(kind: string): void
  /** Ends the run; `sent` is needed when some writes have no answer at all. */
  finish(sent?: number): Omit<MeasuredLoad, 'members' | 'clients'>
}

export type TallyOptions = Pick<
  ClosedLoad,
  'clients' | 'warmUpMs' | 'windowMs' | 'mostWrites' | 'timeoutMs'
>

/** On top of one for each client: with more the cluster cannot be measured. */
const errorsTolerated = 100
const mostKinds = 20

export function startTally(options: TallyOptions): Tally {
  const { clients, warmUpMs, windowMs, mostWrites, timeoutMs } = options
  const histogram = openHistogram()
  const eachSecond = Array.from({ length: Math.floor(windowMs / 1_000) }, () => 0)
  const errors: Record<string, number> = {}
  const counts = { acknowledged: 0, failed: 0, inWindow: 0 }
  const answered = new Set<unknown>()
  const openedMs = performance.now()
  /** When the window begins. */
  let windowFromMs = Number.POSITIVE_INFINITY
  let begin = usage()
  let warm: NodeJS.Timeout | undefined
  let end: Usage | undefined

  const startClock = (nowMs: number) => {
    windowFromMs = nowMs + warmUpMs
    warm = setTimeout(() => {
      begin = usage()
    }, warmUpMs)
  }
  const endedBy = (nowMs: number): MeasuredLoad['endedBy'] | undefined => {
    if (counts.failed > clients + errorsTolerated) return 'errors'
    if (counts.acknowledged + counts.failed >= mostWrites) return 'count'
    return nowMs >= windowFromMs + windowMs ? 'time' : undefined
  }
  return {
    goesOn: () => {
      if (end !== undefined) return false
      const nowMs = performance.now()
      const isReady = answered.size >= clients || nowMs >= openedMs + timeoutMs
      if (isReady && warm === undefined) startClock(nowMs)
      const over = endedBy(nowMs) !== undefined
      if (over) end = usage()
      return !over
    },
    acknowledged: (client, latencyMs) => {
      counts.acknowledged++
      if (warm === undefined) answered.add(client)
      const atMs = performance.now() - windowFromMs
      if (atMs < 0 || atMs >= windowMs) return
      counts.inWindow++
      recordLatency(histogram, latencyMs)
      const second = Math.floor(atMs / 1_000)
      if (second < eachSecond.length) eachSecond[second] = (eachSecond[second] ?? 0) + 1
    },
    failed: (kind) => {
      counts.failed++
      const known = kind in errors || Object.keys(errors).length < mostKinds ? kind : 'other'
      errors[known] = (errors[known] ?? 0) + 1
    },
    finish: (sent = counts.acknowledged + counts.failed) => {
      clearTimeout(warm)
      const until = end ?? usage()
      const measuredMs = Math.max(0, Math.min(windowMs, until.atMs - windowFromMs))
      return {
        sent,
        acknowledged: counts.acknowledged,
        errors,
        windowMs: measuredMs,
        inWindow: counts.inWindow,
        writesPerS: measuredMs === 0 ? 0 : counts.inWindow / (measuredMs / 1_000),
        eachSecond,
        latency: latencyOf(histogram),
        histogram: encodeHistogram(histogram),
        ...sharesBetween(begin, until),
        endedBy: endedBy(until.atMs) ?? 'time',
      }
    },
  }
}

/** The kind of an error: its text with every number as `#`, which would differ each time. */
export function kindOf(text: string): string {
  return text.replaceAll(/\d+/g, '#').slice(0, 120)
}

interface Usage {
  readonly atMs: number
  readonly cpuUs: number
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  return { atMs: performance.now(), cpuUs: user + system, loop }
}

function sharesBetween(begin: Usage, end: Usage): Pick<MeasuredLoad, 'cpuCores' | 'busy'> {
  const elapsedMs = Math.max(1, end.atMs - begin.atMs)
  return {
    cpuCores: (end.cpuUs - begin.cpuUs) / 1_000 / elapsedMs,
    busy: performance.eventLoopUtilization(end.loop, begin.loop).utilization,
  }
}
