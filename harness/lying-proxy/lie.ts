import type { ServiceName } from '../client/proto.ts'

/** A method of etcd's API, such as `Range` of `KV`. */
export interface Method {
  readonly service: ServiceName
  readonly method: string
}

/** What a request carries beside its service and method. */
interface SentRequest {
  readonly request: Buffer
  /** Of the user, where authentication is on. */
  readonly token?: string | undefined
}

/** A request with one response, as bytes. */
export interface Exchange extends Method, SentRequest {
  /** The member's place in the cluster, from 0. */
  readonly member: number
  /** Sends the request, or another instead, to the member; rejects with its error. */
  forward(instead?: Partial<SentRequest>): Promise<Buffer>
  /** A request of the server's own, to the same member and as the same user. */
  ask<Answer>(service: ServiceName, method: string, request: object): Promise<Answer>
}

/** A stream that a client opened, in both directions. */
export interface StreamEnds {
  toMember(request: Buffer): void
  toClient(response: Buffer): void
}

/** Receives the messages of one stream in order; an absent part passes them on unchanged. */
export interface StreamInterceptor {
  request?(request: Buffer, ends: StreamEnds): void
  response?(response: Buffer, ends: StreamEnds): void
}

/** Stands between clients and members; an absent part passes everything on unchanged. */
export interface Interceptor {
  answer?(exchange: Exchange): Promise<Buffer>
  /** Called for each stream when a client opens it. */
  stream?(method: Method): StreamInterceptor
}

type LieKind =
  | 'outcome'
  | 'content'
  | 'header'
  | 'order'
  | 'watch'
  | 'lease'
  | 'lock'
  | 'maintenance'
  | 'auth'
  | 'liveness'

/** The scenario that must come out broken, and the id that its record must name as broken. */
interface Detection {
  readonly scenario: string
  /** Of the cluster; default 1. */
  readonly members?: number
  readonly id: string
}

/** A way to break one of etcd's promises, which an ordinary scenario must detect. */
export interface Lie {
  /** Kebab-case, unique. */
  readonly name: string
  readonly kind: LieKind
  /** As it completes "the server …". */
  readonly says: string
  /** It lies at every n-th opportunity: a rare lie leaves the rest of the history valid. */
  readonly every: number
  /** How many opportunities pass honestly before the first lie. Default 0. */
  readonly after?: number
  readonly detection: Detection
  /** Only times show it, so that nothing may run beside its test. */
  readonly isTimed?: true
  /** A new interceptor. It asks `isDue` at each opportunity, and lies when that is true. */
  readonly start: StartLie
}

export type StartLie = (isDue: () => boolean) => Interceptor
