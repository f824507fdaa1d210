import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { Latency } from './latency.ts'

/**
 * Sends writes and measures them. The seam between scenarios and load generators: one generator
 * can replace another, such as one in a child process.
 */
export interface Generator {
  readonly name: string
  /**
   * Closed loop: each client sends its next write after the last one's answer. Every write is tried
   * once; one without an answer counts as unknown. Ends after the given time, count or errors, and
   * throws when it cannot begin.
   */
  run(load: ClosedLoad): Promise<MeasuredLoad>
}

/** Plain data, which a child process can receive. */
export interface ClosedLoad {
  /** Clients connect round robin: the first client to the first target, and so on. */
  readonly targets: readonly Target[]
  readonly credentials?: TlsCredentials | undefined
  /** Of the JSON gateway: `/v3`, or `/v3beta` in 3.3. */
  readonly gatewayPrefix: string
  readonly clients: number
  /** From every client's first answer to the window: fills caches, grows the database. */
  readonly warmUpMs: number
  readonly windowMs: number
  /** Warm-up included. */
  readonly mostWrites: number
  /** Of one request; afterwards its outcome is unknown. */
  readonly timeoutMs: number
  /** Distinct keys, at least as many as clients; no two clients write the same key. */
  readonly keys: number
  readonly valueBytes: number
}

export interface Target {
  readonly member: string
  /** Such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
}

/** One run of a generator. */
export interface MeasuredLoad {
  /** Members with at least one client. */
  readonly members: readonly string[]
  readonly clients: number
  /** Writes of the whole run, warm-up included: `checkCount` compares them with revisions. */
  readonly sent: number
  readonly acknowledged: number
  /** Errors by kind, over the whole run. */
  readonly errors: Readonly<Record<string, number>>
  /** The window, or less when the run ended early. */
  readonly windowMs: number
  /** Acknowledged within the window. */
  readonly inWindow: number
  readonly writesPerS: number
  /** Acknowledged in each whole second of the window. */
  readonly eachSecond: readonly number[]
  readonly latency: Latency
  /** Latencies within the window, in microseconds: HdrHistogram V2, compressed, base64. */
  readonly histogram: string
  /** Processor time of the generator's process in the window, in cores. */
  readonly cpuCores: number
  /** Share of the window in which its one thread was busy, 0 to 1. */
  readonly busy: number
  readonly endedBy: 'time' | 'count' | 'errors'
  /** SHA-256 of each member's certificate, for a generator that does not verify it itself. */
  readonly certificates?: Readonly<Record<string, string>>
}
