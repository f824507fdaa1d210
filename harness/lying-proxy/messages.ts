import type { RawKeyValue } from '../client/kv-wire.ts'
import { methodOf } from '../client/proto.ts'
import type { Method } from './lie.ts'

/** Messages as the wire has them: bytes, and 64-bit integers as decimal text. */
export interface WireHeader {
  readonly revision: string
  readonly clusterId: string
  readonly memberId: string
  readonly raftTerm: string
  readonly [field: string]: unknown
}

export interface WireAnswer {
  readonly header: WireHeader
}

export type WireKeyValue = RawKeyValue

export interface WireRangeRequest {
  readonly key: Buffer
  readonly rangeEnd: Buffer
  readonly revision: string
  readonly limit: string
  readonly serializable: boolean
  readonly keysOnly: boolean
  readonly countOnly: boolean
  readonly sortOrder: string
  readonly minModRevision: string
}

export interface WireRange extends WireAnswer {
  readonly kvs: readonly WireKeyValue[]
  readonly more: boolean
  readonly count: string
}

export interface WirePutRequest {
  readonly key: Buffer
  readonly value: Buffer
  readonly lease: string
}

export interface WirePut extends WireAnswer {
  readonly prevKv: WireKeyValue | null
}

export interface WireDelete extends WireAnswer {
  readonly deleted: string
}

export interface WireTxnRequest {
  readonly compare: readonly { readonly key: Buffer; readonly rangeEnd: Buffer }[]
  readonly success: readonly { readonly requestRange?: WireRangeRequest | null }[]
  readonly failure: readonly object[]
}

export interface WireTxn extends WireAnswer {
  readonly succeeded: boolean
  readonly responses: readonly {
    readonly responseRange?: WireRange
    readonly responsePut?: WirePut
  }[]
}

export interface WireEvent {
  readonly type: 'Put' | 'Delete'
  readonly kv: WireKeyValue
  readonly prevKv: WireKeyValue | null
}

export interface WireWatch extends WireAnswer {
  readonly watchId: string
  readonly created: boolean
  readonly canceled: boolean
  readonly fragment: boolean
  readonly events: readonly WireEvent[]
}

export interface WireWatchRequest {
  readonly createRequest?: {
    readonly key: Buffer
    readonly rangeEnd: Buffer
    readonly startRevision: string
    readonly filters: readonly string[]
  }
}

export interface WireLease extends WireAnswer {
  readonly ID: string
  readonly TTL: string
}

export interface WireLeaseLife extends WireLease {
  readonly grantedTTL: string
  readonly keys: readonly Buffer[]
}

export function decodeRequest<Message>({ service, method }: Method, bytes: Buffer): Message {
  return methodOf<Message, unknown>(service, method).requestDeserialize(bytes)
}

export function encodeRequest({ service, method }: Method, message: object): Buffer {
  return methodOf<object, unknown>(service, method).requestSerialize(message)
}

export function decodeAnswer<Message>({ service, method }: Method, bytes: Buffer): Message {
  return methodOf<unknown, Message>(service, method).responseDeserialize(bytes)
}

export function encodeAnswer({ service, method }: Method, message: object): Buffer {
  return methodOf<unknown, object>(service, method).responseSerialize(message)
}

/** A 64-bit integer that is so much greater. */
export function plus(text: string, difference: number): string {
  return String(BigInt(text) + BigInt(difference))
}

/** The same answer with another revision of the store. */
export function atRevision<Answer extends WireAnswer>(answer: Answer, difference: number): Answer {
  const { header } = answer
  return { ...answer, header: { ...header, revision: plus(header.revision, difference) } }
}

/** The same key with another value. */
export const withOtherValue = (kv: WireKeyValue): WireKeyValue => ({
  ...kv,
  value: Buffer.concat([kv.value, Buffer.from('~')]),
})
