import { type ProtobufValue, writeProtobuf } from '../../core/network/protobuf.ts'
import type { Load, OperationName } from '../generator.ts'
import { frameMessage } from '../http2/call.ts'
import { keyAt, keyNumbers, loadValue } from '../keys.ts'

/** How a client requests one thing over and over. */
export interface RequestMethod {
  readonly path: string
  /** The request's message for a key. */
  readonly message: (key: Buffer, value: Buffer) => Buffer
  /** Revisions that one acknowledged request creates. */
  readonly revisions: 0 | 1
}

/** The operations that are one request and one answer. Fields by number: etcd's rpc.proto. */
export const requestMethods = {
  put: {
    path: '/etcdserverpb.KV/Put',
    message: (key, value) => putMessage(key, value),
    revisions: 1,
  },
  txn: {
    path: '/etcdserverpb.KV/Txn',
    message: (key, value) => txnMessage(key, value),
    revisions: 1,
  },
  range: {
    path: '/etcdserverpb.KV/Range',
    message: (key) => writeProtobuf([[1, key]]),
    revisions: 0,
  },
  'serializable-range': {
    path: '/etcdserverpb.KV/Range',
    message: (key) =>
      writeProtobuf([
        [1, key],
        [7, 1n],
      ]),
    revisions: 0,
  },
} as const satisfies Partial<Record<OperationName, RequestMethod>>

function putMessage(key: Buffer, value: Buffer): Buffer {
  return writeProtobuf([
    [1, key],
    [2, value],
  ])
}

const greater = 1n
const version = 0n

/** Puts if the key's version is above -1, which always holds, and reads it otherwise. */
function txnMessage(key: Buffer, value: Buffer): Buffer {
  const compare: (readonly [number, ProtobufValue])[] = [
    [1, greater],
    [2, version],
    [3, key],
    [4, -1n],
  ]
  return writeProtobuf([
    [1, writeProtobuf(compare)],
    [2, writeProtobuf([[2, putMessage(key, value)]])],
    [3, writeProtobuf([[1, writeProtobuf([[1, key]])]])],
  ])
}

/** One client's requests: the same bytes each time, but for the key. */
export interface RequestSeries {
  /** The next request, framed, and its key; valid until the next call. */
  next(): { readonly body: Buffer; readonly key: string }
}

/** Stands for the key where it is written later; no value has this byte. */
const placeholder = 0x7f

export function requestSeries(method: RequestMethod, client: number, load: Load): RequestSeries {
  const absent = Buffer.alloc(load.keyBytes, placeholder)
  const body = frameMessage(method.message(absent, Buffer.from(loadValue(load))))
  const places = placesOf(absent, body)
  const numberAt = keyNumbers(client, load)
  let turn = 0
  return {
    next: () => {
      const key = keyAt(numberAt(turn++), load)
      for (const place of places) body.write(key, place, 'latin1')
      return { body, key }
    },
  }
}

function placesOf(key: Buffer, body: Buffer): number[] {
  const places: number[] = []
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) {
    places.push(at)
  }
  return places
}
