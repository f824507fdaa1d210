import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { Latency } from './latency.ts'

/**
 * Sends requests and measures them. The seam between scenarios and load generators: one generator
 * can replace another, such as one in a child process.
 */
export interface Generator {
  readonly name: string
  /**
   * Closed loop: each client sends its next request after the last one's answer. Open loop: requests
   * are due at fixed times, whatever the answers; latencies count from then on, so that a stall
   * appears in them whole. Every request is tried once; one without an answer counts as unknown. Ends
   * after the given time, count or errors, or when the signal aborts; open requests are awaited.
   * Throws when it cannot begin.
   */
  run(load: Load, signal?: AbortSignal): Promise<MeasuredLoad>
}

/**
 * What a client requests over and over: `put`, a transaction that puts (`txn`), a linearizable or
 * serializable read of one key, `lease-keepalive` of a lease of its own, or `watch`: one client puts,
 * and the latency is that of the event at each of the other clients.
 */
export const operationNames = [
  'put',
  'txn',
  'range',
  'serializable-range',
  'lease-keepalive',
  'watch',
] as const

/** One of `operationNames`. */
export type OperationName = (typeof operationNames)[number]

/** Plain data, which a child process can receive. */
export interface Load {
  /** Clients connect round robin: the first client to the first target, and so on. */
  readonly targets: readonly Target[]
  readonly credentials?: TlsCredentials | undefined
  /** Instead of `credentials`: read again for each connection, as they may be renewed. */
  readonly credentialFiles?: CredentialFiles | undefined
  /** Only `lean` has others than `put`. */
  readonly operation: OperationName
  /** Connections that `lean` spreads its clients over; absent = 2 a member. */
  readonly connections?: number | undefined
  /** Absent = a closed loop. */
  readonly ratePerS?: number | undefined
  /** Of the JSON gateway: `/v3`, or `/v3beta` in 3.3. */
  readonly gatewayPrefix: string
  readonly clients: number
  /** From every client's first answer to the window: fills caches, grows the database. */
  readonly warmUpMs: number
  readonly windowMs: number
  /** Warm-up included. */
  readonly mostRequests: number
  /** Of one request; afterwards its outcome is unknown. */
  readonly timeoutMs: number
  /** The run ends with more errors; absent = 100 and one for each client. */
  readonly mostErrors?: number | undefined
  /** Distinct keys, at least as many as clients; no two clients write the same key. */
  readonly keys: number
  /** With the prefix; the rest is a number. */
  readonly keyBytes: number
  readonly keyPrefix: string
  readonly valueBytes: number
}

/** Paths of PEM files. */
export interface CredentialFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** A member that clients connect to. */
export interface Target {
  readonly member: string
  /** Such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  /** Of its JSON gateway, where that has a port of its own. */
  readonly httpEndpoint?: string
}

/** One run of a generator. */
export interface MeasuredLoad {
  /** Members with at least one client. */
  readonly members: readonly string[]
  readonly operation: OperationName
  readonly clients: number
  readonly ratePerS?: number | undefined
  /** Requests of the whole run, warm-up included. */
  readonly sent: number
  readonly acknowledged: number
  /** Requests that certainly had no effect, among them those that never left. */
  readonly refused: number
  /** Requests that were due in an open loop, and that no client was free for. */
  readonly notStarted: number
  /** Revisions that the run created, for `checkCount`: equal when no outcome is unknown. */
  readonly revisions: { readonly atLeast: number; readonly atMost: number }
  /** Errors by kind, over the whole run. */
  readonly errors: Readonly<Record<string, number>>
  /** The window, or less when the run ended early. */
  readonly windowMs: number
  /** Acknowledged within the window: writes, or what else the operation counts. */
  readonly inWindow: number
  /** `inWindow` by time. */
  readonly writesPerS: number
  /** Acknowledged in each whole second of the window. */
  readonly eachSecond: readonly number[]
  readonly latency: Latency
  /** Latencies within the window, in microseconds: HdrHistogram V2, compressed, base64. */
  readonly histogram: string
  /** The same for each interval of the window; their sum is `histogram`. */
  readonly overTime: { readonly everyMs: number; readonly histograms: readonly string[] }
  /** Processor time of the generator's process in the window, in cores. */
  readonly cpuCores: number
  /** Share of the window in which its one thread was busy, 0 to 1. */
  readonly busy: number
  /** The most memory that the generator's process used. */
  readonly memoryBytes: number
  /** The longest time of the run without an acknowledged request, from the first one on. */
  readonly longestGapMs: number
  readonly endedBy: 'time' | 'count' | 'errors' | 'signal'
  /** SHA-256 of each member's certificate, for a generator that does not verify it itself. */
  readonly certificates?: Readonly<Record<string, string>>
}
