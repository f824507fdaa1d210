import { messageOf } from '../core/errors.ts'
import type { Completion } from '../history/recorder.ts'
import type {
  RangeRequest,
  Request,
  SingleRequest,
  Transaction,
  TxnCompare,
  TxnStep,
} from '../history/request.ts'
import { classify } from './classify.ts'
import {
  type Compare,
  deleteKeys,
  type KeyValue,
  put,
  range,
  type Step,
  type TxnResult,
  txn,
} from './kv.ts'
import type { MemberClient } from './member-client.ts'

/**
 * Tries one request once and resolves to its completion in a history. Never rejects: an error is
 * `fail` or `info`.
 */
export async function execute(client: MemberClient, request: Request): Promise<Completion> {
  try {
    return await send(client, request)
  } catch (thrown) {
    return { type: classify(thrown), error: messageOf(thrown) }
  }
}

async function send(client: MemberClient, request: Request): Promise<Completion> {
  if (request.kind === 'txn') return transact(client, request.value)
  if (request.kind === 'range') return list(client, request)
  const { kind, key, value } = request
  switch (kind) {
    case 'put':
      return write(client, request)
    case 'get':
      return read(client, { key })
    case 'serializable-get':
      return read(client, { key, serializable: true })
    case 'delete':
      return remove(client, request)
    case 'cas':
      return compareAndSet(client, key, value)
  }
}

async function write(client: MemberClient, request: SingleRequest): Promise<Completion> {
  const { key, value, lease, prevKv } = request
  const asked = { key, value: String(value), ...(lease !== undefined && { lease }) }
  const answer = await put(client, prevKv === true ? { ...asked, prevKv } : asked)
  const { revision } = answer
  return { type: 'ok', revision, ...(prevKv === true && { prev: stateOf(answer.prevKv) }) }
}

async function remove(client: MemberClient, request: SingleRequest): Promise<Completion> {
  const { key, prevKv } = request
  const answer = await deleteKeys(client, prevKv === true ? { key, prevKv } : { key })
  const { deleted, revision, prevKvs = [] } = answer
  return { type: 'ok', deleted, revision, ...(prevKv === true && { prev: stateOf(prevKvs[0]) }) }
}

async function read(
  client: MemberClient,
  request: { readonly key: string; readonly serializable?: true },
): Promise<Completion> {
  const { kvs, revision } = await range(client, request)
  const [found] = kvs
  return {
    type: 'ok',
    value: found?.value ?? null,
    modRevision: found?.modRevision ?? 0,
    ...(found && metadataOf(found)),
    // Only a wrong answer shows another key than the one that was read.
    ...(found && found.key !== request.key && { key: found.key }),
    revision,
  }
}

/** Besides value and mod revision; without `lease` for a key that has none. */
function metadataOf({ createRevision, version, lease }: KeyValue) {
  return { createRevision, version, ...(lease !== '0' && { lease }) }
}

/** The previous state of the key; null = missing. */
function stateOf(kv: KeyValue | undefined) {
  return kv ? { value: kv.value, modRevision: kv.modRevision, ...metadataOf(kv) } : null
}

/** The metadata alone, for the list beside the values of an answer. */
const listedMetadata = (kv: KeyValue) => Object.values(metadataOf(kv))

async function list(
  client: MemberClient,
  { kind: _, ...request }: RangeRequest,
): Promise<Completion> {
  const { kvs, ...rest } = await range(client, request)
  const value = kvs.map((kv) => [kv.key, kv.value, kv.modRevision])
  return { type: 'ok', value, metadata: kvs.map(listedMetadata), ...rest }
}

async function compareAndSet(
  client: MemberClient,
  key: string,
  value: SingleRequest['value'],
): Promise<Completion> {
  const [old, fresh] = value as readonly [string | null, string]
  const compare: Compare =
    old === null
      ? { key, target: 'mod', is: '=', to: 0 }
      : { key, target: 'value', is: '=', to: old }
  const request = { compare: [compare], success: [{ put: { key, value: fresh } }] }
  const { succeeded, revision } = await txn(client, request)
  return { type: 'ok', applied: succeeded, revision }
}

async function transact(client: MemberClient, asked: Transaction): Promise<Completion> {
  const { succeeded, revision, results } = await txn(client, {
    compare: asked.compare.map(compareOf),
    success: asked.then.map(stepOf),
    failure: asked.else.map(stepOf),
  })
  const shown = { value: results.map(resultOf), metadata: results.map(metadataOfResult) }
  const others = otherKeysIn(succeeded ? asked.then : asked.else, results)
  const wrong = others.length > 0 && { otherKeys: others }
  return { type: 'ok', applied: succeeded, ...shown, ...wrong, revision }
}

/** Only a wrong answer shows other keys than those that were read. */
function otherKeysIn(steps: readonly TxnStep[], results: TxnResult['results']): string[] {
  return results.flatMap((result, at) => {
    if (result === null || typeof result === 'number') return []
    return result.kvs.map(({ key }) => key).filter((key) => key !== steps[at]?.[1])
  })
}

function compareOf([key, target, is, to]: TxnCompare): Compare {
  return { key, target, is, to } as Compare
}

function stepOf(step: TxnStep): Step {
  const [what, key] = step
  if (what === 'put') return { put: { key, value: step[2] } }
  return what === 'get' ? { range: { key } } : { delete: { key } }
}

function resultOf(result: TxnResult['results'][number]): unknown {
  if (result === null || typeof result === 'number' || !('kvs' in result)) return result
  const [found] = result.kvs
  return [found?.value ?? null, found?.modRevision ?? 0]
}

function metadataOfResult(result: TxnResult['results'][number]): unknown {
  if (result === null || typeof result === 'number' || !('kvs' in result)) return null
  const [found] = result.kvs
  return found === undefined ? null : listedMetadata(found)
}
