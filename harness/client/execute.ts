import { messageOf } from '../core/errors.ts'
import type { Completion } from '../history/recorder.ts'
import type { PlannedOperation } from '../history/request.ts'
import { classify } from './classify.ts'
import { type Compare, deleteKeys, put, range, txn } from './kv.ts'
import type { MemberClient } from './member-client.ts'

/**
 * Sends one planned request, once, and resolves to what a history notes of it. Never rejects: what
 * went wrong is `fail` or `info` with its error.
 */
export async function execute(
  client: MemberClient,
  operation: PlannedOperation,
): Promise<Completion> {
  try {
    return await send(client, operation)
  } catch (thrown) {
    return { type: classify(thrown), error: messageOf(thrown) }
  }
}

async function send(client: MemberClient, operation: PlannedOperation): Promise<Completion> {
  const { kind, key, value } = operation
  switch (kind) {
    case 'put':
      return { type: 'ok', ...(await put(client, { key, value: String(value) })) }
    case 'get':
      return read(client, key, false)
    case 'serializable-get':
      return read(client, key, true)
    case 'delete':
      return { type: 'ok', ...(await deleteKeys(client, { key })) }
    case 'cas':
      return compareAndSet(client, key, value as readonly [string | null, string])
  }
}

async function read(client: MemberClient, key: string, serializable: boolean): Promise<Completion> {
  const { kvs, revision } = await range(client, { key, serializable })
  const [found] = kvs
  return {
    type: 'ok',
    value: found?.value ?? null,
    modRevision: found?.modRevision ?? 0,
    revision,
  }
}

async function compareAndSet(
  client: MemberClient,
  key: string,
  [old, value]: readonly [string | null, string],
): Promise<Completion> {
  const compare: Compare =
    old === null
      ? { key, target: 'mod', is: '=', to: 0 }
      : { key, target: 'value', is: '=', to: old }
  const request = { compare: [compare], success: [{ put: { key, value } }] }
  const { succeeded, revision } = await txn(client, request)
  return { type: 'ok', applied: succeeded, revision }
}
