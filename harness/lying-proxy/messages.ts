import { methodOf, type ServiceName } from '../client/proto.ts'

/** The header of any answer; 64-bit integers are decimal text. */
export interface RawHeader {
  readonly revision: string
  readonly [field: string]: unknown
}

export interface RawAnswer {
  readonly header: RawHeader | null
  readonly [field: string]: unknown
}

export interface RawRangeAnswer extends RawAnswer {
  readonly kvs: readonly { readonly modRevision: string }[]
}

export interface RawTxnAnswer extends RawAnswer {
  readonly succeeded: boolean
}

export interface RawWatchAnswer extends RawAnswer {
  readonly events: readonly unknown[]
}

export interface RawRangeRequest {
  readonly key: Buffer
  readonly rangeEnd: Buffer
  readonly revision: string
  readonly serializable: boolean
}

export interface RawTxnRequest {
  readonly compare: readonly { readonly key: Buffer }[]
}

export function decodeRequest<Message>(service: ServiceName, method: string, bytes: Buffer) {
  return methodOf<Message, unknown>(service, method).requestDeserialize(bytes)
}

export function decodeAnswer<Message>(service: ServiceName, method: string, bytes: Buffer) {
  return methodOf<unknown, Message>(service, method).responseDeserialize(bytes)
}

export function encodeAnswer(service: ServiceName, method: string, message: object): Buffer {
  return methodOf<unknown, object>(service, method).responseSerialize(message)
}
