import {
  deepestTxn,
  type LoggedCompare,
  type LoggedRequest,
  type LoggedStep,
  type LoggedTxn,
} from '../history/logs/wal.ts'
import { decodeMessage, type RaftRequestMessage } from './messages.ts'
import type { RaftEntry } from './read-log.ts'

/** What an entry asks for, and the number that etcd gave to the request. */
export interface DecodedRequest {
  readonly id?: string
  readonly request: LoggedRequest
}

/**
 * The request in an entry. Keys and values are text, as in a history. Never throws: a request that
 * Gauntlet does not know is `other`, and so are requests of etcd's second API.
 */
export function decodeLoggedRequest({ isNormal, data }: RaftEntry): DecodedRequest {
  if (!isNormal) return { request: { kind: 'membership' } }
  if (data.length === 0) return { request: { kind: 'empty' } }
  try {
    const message = decodeMessage('RaftRequest', data)
    const id = message.header?.id ?? message.id
    return { ...(id !== '0' && { id }), request: requestOf(message) }
  } catch {
    return { request: { kind: 'other', name: nameOfOldRequest(data) } }
  }
}

/** Requests of the second API stand in the log without an envelope. */
function nameOfOldRequest(data: Buffer): string {
  try {
    return `v2 ${decodeMessage('VersionTwoRequest', data).method}`
  } catch {
    return 'unknown'
  }
}

interface Keys {
  readonly key: Buffer
  readonly rangeEnd: Buffer
}

interface Put {
  readonly key: Buffer
  readonly value: Buffer
  readonly lease: string
  readonly ignoreValue: boolean
  readonly ignoreLease: boolean
}

interface Compare extends Keys {
  readonly result: keyof typeof comparisons
  readonly target: keyof typeof targets
  readonly [operand: string]: unknown
}

interface Txn {
  readonly compare: readonly Compare[]
  readonly success: readonly Operation[]
  readonly failure: readonly Operation[]
}

interface Operation {
  readonly requestRange?: Range
  readonly requestPut?: Put
  readonly requestDeleteRange?: Keys
  readonly requestTxn?: Txn
}

interface Range extends Keys {
  readonly revision: string
}

interface Alarm {
  readonly action: string
  readonly memberID: string
  readonly alarm: string
}

const alarms = { None: 'none', Nospace: 'no-space', Corrupt: 'corrupt' } as const

/** By the name of the field that holds it. */
const decoders: Readonly<Record<string, (body: never) => LoggedRequest>> = {
  put,
  range,
  deleteRange: remove,
  txn: (body: Txn) => txn(body, deepestTxn) ?? { kind: 'other', name: 'txn of many levels' },
  compaction: ({ revision }: { revision: string }) => ({
    kind: 'compaction',
    revision: Number(revision),
  }),
  leaseGrant: ({ ID, TTL }: { ID: string; TTL: string }) => ({
    kind: 'lease-grant',
    lease: ID,
    ttlS: Number(TTL),
  }),
  leaseRevoke: ({ ID }: { ID: string }) => ({ kind: 'lease-revoke', lease: ID }),
  alarm: ({ action, memberID, alarm }: Alarm) => ({
    kind: 'alarm',
    action: action.toLowerCase() as 'get' | 'activate' | 'deactivate',
    alarm: alarms[alarm as keyof typeof alarms],
    nodeId: memberID,
  }),
}

function requestOf(message: RaftRequestMessage): LoggedRequest {
  const { kind = 'unknown' } = message
  const decode = decoders[kind]
  return decode === undefined ? { kind: 'other', name: kind } : decode(message[kind] as never)
}

const text = (bytes: Buffer) => bytes.toString('utf8')

function keysOf({ key, rangeEnd }: Keys) {
  return { key: text(key), ...(rangeEnd.length > 0 && { end: text(rangeEnd) }) }
}

function put({ key, value, lease, ignoreValue, ignoreLease }: Put): LoggedStep {
  return {
    kind: 'put',
    key: text(key),
    value: text(value),
    ...(lease !== '0' && { lease }),
    ...(ignoreValue && { ignoreValue }),
    ...(ignoreLease && { ignoreLease }),
  }
}

function range(body: Range): LoggedStep {
  const atRevision = Number(body.revision)
  return { kind: 'range', ...keysOf(body), ...(atRevision !== 0 && { atRevision }) }
}

function remove(body: Keys): LoggedStep {
  return { kind: 'delete', ...keysOf(body) }
}

/** Undefined for one that nests deeper. */
function txn(body: Txn, depth: number): LoggedTxn | undefined {
  const success = stepsOf(body.success, depth)
  const failure = stepsOf(body.failure, depth)
  if (success === undefined || failure === undefined) return undefined
  return { kind: 'txn', compare: body.compare.map(compareOf), success, failure }
}

function stepsOf(operations: readonly Operation[], depth: number): LoggedStep[] | undefined {
  const steps = operations.map((operation): LoggedStep | undefined => {
    const { requestPut, requestRange, requestDeleteRange, requestTxn } = operation
    if (requestPut) return put(requestPut)
    if (requestRange) return range(requestRange)
    if (requestDeleteRange) return remove(requestDeleteRange)
    return requestTxn && depth > 1 ? txn(requestTxn, depth - 1) : undefined
  })
  return steps.every((step) => step !== undefined) ? steps : undefined
}

const comparisons = { Equal: '=', NotEqual: '!=', Less: '<', Greater: '>' } as const

const targets = {
  Value: 'value',
  Lease: 'lease',
  Version: 'version',
  Create: 'createRevision',
  Mod: 'modRevision',
} as const

function compareOf(body: Compare): LoggedCompare {
  const { target, result } = body
  const operand = body[targets[target]]
  const common = { ...keysOf(body), result: comparisons[result] }
  switch (target) {
    case 'Value':
      return { ...common, target: 'value', operand: text((operand as Buffer) ?? Buffer.alloc(0)) }
    case 'Lease':
      return { ...common, target: 'lease', operand: String(operand ?? 0) }
    default:
      return {
        ...common,
        target: target.toLowerCase() as 'version' | 'create' | 'mod',
        operand: Number(operand ?? 0),
      }
  }
}
