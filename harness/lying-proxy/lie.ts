/** A request with one response, as bytes. */
export interface Exchange {
  /** Such as `Range` of `KV`. */
  readonly method: string
  readonly request: Buffer
  /** Sends the request to the member; rejects with its error. */
  forward(): Promise<Buffer>
}

/** Replaces responses; a part that is absent passes everything on unchanged. */
export interface Interceptor {
  answer?(exchange: Exchange): Promise<Buffer>
  /** The response to a lease renewal instead of the member's; undefined passes the renewal on. */
  keepAlive?(request: Buffer): Buffer | undefined
  /** Receives each response of a watch, in order; `send` sends one to the client. */
  watch?(response: Buffer, send: (response: Buffer) => void): void
}

/** A way to break one of etcd's promises, which a checker must detect. */
export interface Lie {
  readonly name: string
  /** As it completes "the proxy …". */
  readonly what: string
  /** The checker that must detect it; others may too. */
  readonly detectedBy: string
  /** A fresh interceptor, which calls `countLie` for each lie. */
  start(countLie: () => void): Interceptor
}

/** True at every n-th call: a rare lie leaves the rest of the history valid. */
export function everyNth(n: number): () => boolean {
  let calls = 0
  return () => ++calls % n === 0
}
