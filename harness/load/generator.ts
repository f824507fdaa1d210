import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { Latency } from './latency.ts'

/**
 * What sends writes and says how they went. The seam between scenarios and load generators: one
 * that speaks HTTP/2 by hand, or one in a process of its own, takes another's place unnoticed.
 */
export interface Generator {
  readonly name: string
  /**
   * Closed loop: each client sends its next write when the last one was answered. Every write is
   * tried once and none is open at the end unless it is among the unknown. Ends by itself, after
   * the time, the count or the errors it was given; throws when it could not even begin.
   */
  run(load: ClosedLoad): Promise<Measured>
}

/** Plain data: it is handed to another process. */
export interface ClosedLoad {
  /** Clients go round them: the first client to the first, and so on. */
  readonly targets: readonly Target[]
  readonly credentials?: TlsCredentials | undefined
  /** Of the JSON gateway: `/v3`, or `/v3beta` in 3.3. */
  readonly gatewayPrefix: string
  readonly clients: number
  /** Written before anything is measured, once every client was answered: caches, first growth. */
  readonly warmUpMs: number
  readonly windowMs: number
  /** Warm-up included. */
  readonly mostWrites: number
  /** Of one request; past it the outcome is unknown. */
  readonly timeoutMs: number
  /** Distinct keys, at least as many as clients; no key is written by two clients. */
  readonly keys: number
  readonly valueBytes: number
}

export interface Target {
  readonly member: string
  /** Such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
}

/** One run of a generator. */
export interface Measured {
  /** Those that a client was connected with. */
  readonly members: readonly string[]
  readonly clients: number
  /** Writes of the whole run, warm-up included: what etcd's revision must agree with. */
  readonly sent: number
  readonly acknowledged: number
  /** Errors by kind, over the whole run. */
  readonly errors: Readonly<Record<string, number>>
  /** How long was measured: the window, or less when the run ended early. */
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
  /** Share of the window in which its one thread had something to do, 0 to 1. */
  readonly busy: number
  readonly endedBy: 'time' | 'count' | 'errors'
  /** SHA-256 of the certificate that each member showed, where a check had to be made beside. */
  readonly certificates?: Readonly<Record<string, string>>
}
