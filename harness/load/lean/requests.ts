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
  /** The next request, framed, which is valid until the next call; and the number of its key. */
  next(): { readonly body: Buffer; readonly number: number }
}

/** Stands for the key where it is written later; no value has this byte. */
const placeholder = 0x7f

export function requestSeries(method: RequestMethod, client: number, load: Load): RequestSeries {
  const absent = Buffer.alloc(load.keyBytes, placeholder)
  const body = frameMessage(method.message(absent, Buffer.from(loadValue(load))))
  const places = placesOf(absent, body)
  const anyKey = keyAt(load.keys - 1, load)
  for (const place of places) body.write(anyKey, place, 'latin1')
  // Only the digits that differ are written for each request: keys may be long.
  const digits = String(load.keys - 1).length
  const numberAt = keyNumbers(client, load)
  let turn = 0
  return {
    next: () => {
      const number = numberAt(turn++)
      for (const place of places) writeDigits(body, place + load.keyBytes, { number, digits })
      return { body, number }
    },
  }
}

/** Writes a number so that it ends before `end`, with zeros in front of it. */
function writeDigits(body: Buffer, end: number, { number, digits }: Digits): void {
  let rest = number
  for (let at = end - 1; at >= end - digits; at--) {
    body[at] = zero + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

interface Digits {
  readonly number: number
  readonly digits: number
}

const zero = 0x30

function placesOf(key: Buffer, body: Buffer): number[] {
  const places: number[] = []
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) {
    places.push(at)
  }
  return places
}
