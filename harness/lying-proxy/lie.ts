/** One request that is answered once, as bytes. */
export interface Exchange {
  /** Such as `Range` of `KV`. */
  readonly method: string
  readonly request: Buffer
  /** Asks the member; rejects with its error. */
  forward(): Promise<Buffer>
}

/** How the proxy answers; what is absent is answered honestly. */
export interface Interceptor {
  answer?(exchange: Exchange): Promise<Buffer>
  /** The answer to a renewal instead of the member's; undefined passes it on. */
  keepAlive?(request: Buffer): Buffer | undefined
  /** Called for each response of a watch, in order; `tell` sends one to the client. */
  watch?(response: Buffer, tell: (response: Buffer) => void): void
}

/** A way to break a promise of etcd's, which a checker must convict. */
export interface Lie {
  readonly name: string
  /** As it completes "the proxy …". */
  readonly what: string
  /** The checker that must convict it; others may as well. */
  readonly detectedBy: string
  /** A fresh one, which calls `lied` each time. */
  start(lied: () => void): Interceptor
}

/** True at every n-th call, so that a lie is rare enough for the rest to look right. */
export function everyNth(n: number): () => boolean {
  let calls = 0
  return () => ++calls % n === 0
}
