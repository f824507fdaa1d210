import { operations } from '../../join.ts'
import type { History, Operation } from '../../operations.ts'

/** An operation or a watch of a report, as JSON. */
export type ReportElement = Record<string, unknown>

/** What one client leaves. */
export interface ClientReport {
  readonly operations?: readonly ReportElement[]
  readonly watches?: readonly ReportElement[]
}

/**
 * The files of the report that etcd's robustness test would have left of a history in the `etcd`
 * model, by their paths: the reverse of `readRobustnessReport`. What failed is left out, because it
 * did nothing. None for another model.
 */
export function reportFiles(history: History): { readonly path: string; readonly text: string }[] {
  if (history.header.model !== 'etcd') return []
  const later = reportClients(history).map(({ operations: done = [] }) => {
    return { operations: done.map(delay) }
  })
  const clients = [{ operations: emptyStoreRead(history) }, ...later]
  return clients.flatMap(({ operations: done = [] }, at) =>
    done.length === 0 ? [] : [{ path: `client-${at}/operations.json`, text: formatElements(done) }],
  )
}

const readerId = 2_000_000

/** Behind the read of the empty store; its times are positions. */
const delay = (element: ReportElement): ReportElement => {
  return { ...element, Call: Number(element.Call) + 3, Return: Number(element.Return) + 3 }
}

/**
 * etcd's test judges only a store that was empty when it began, which a read at revision 1 shows. It
 * is what this read would have returned where the first write got revision 2.
 */
function emptyStoreRead(history: History): ReportElement[] {
  const revisions = operations(history).flatMap(({ completion }) => completion?.revision ?? [])
  if (Math.min(...revisions) > 2 || history.header.initial !== undefined) return []
  const Range = { Start: 'key', End: '', Limit: 0, Revision: 0 }
  const Output = { Range: { KVs: [], Count: 0 }, Revision: 1 }
  return [{ ClientId: readerId, Input: { Type: 'range', Range }, Call: 1, Output, Return: 2 }]
}

/** Operations of a history, one client a process. */
export function reportClients(history: History): ClientReport[] {
  const byProcess = Map.groupBy(operations(history), ({ process }) => process)
  return [...byProcess.values()].map((mine) => ({ operations: mine.flatMap(reportOperation) }))
}

export function formatElements(elements: readonly ReportElement[]): string {
  return elements.map((element) => `${JSON.stringify(element, null, 2)}\n`).join('')
}

/** What failed left nothing: the test has no word for it. */
function reportOperation(operation: Operation): ReportElement[] {
  const { outcome, process, completion, invokeIndex, completeIndex } = operation
  if (outcome === 'fail') return []
  const Output =
    outcome === 'ok'
      ? { ...answerOf(operation), Revision: completion?.revision ?? 0 }
      : { Error: 'context deadline exceeded' }
  const Return = Number.isFinite(completeIndex) ? completeIndex : invokeIndex + 1
  const ClientId = outcome === 'ok' ? process : 1_000_000 + invokeIndex
  return [{ ClientId, Input: inputOf(operation), Call: invokeIndex, Output, Return }]
}

function inputOf({ f, invoke }: Operation): ReportElement {
  const { key = '', value, end = '', limit = 0, lease, atRevision = 0, keysOnly } = invoke
  const LeaseID = Number(lease ?? 0)
  if (f === 'get' || f === 'range') {
    const Range = { Start: key, End: end, Limit: limit, KeysOnly: keysOnly, Revision: atRevision }
    return { Type: 'range', Range }
  }
  if (f === 'grant') return { Type: 'leaseGrant', LeaseGrant: { LeaseID } }
  if (f === 'revoke') return { Type: 'leaseRevoke', LeaseRevoke: { LeaseID } }
  if (f === 'compact') return { Type: 'compact', Compact: { Revision: atRevision } }
  if (f === 'txn') return { Type: 'txn', Txn: txnOf(value as RawTxn) }
  const step = f === 'put' ? putOf(key, value, LeaseID) : deleteOf(key)
  return { Type: 'txn', Txn: { Conditions: null, OperationsOnSuccess: [step] } }
}

interface RawTxn {
  readonly compare: readonly (readonly [string, string, string, number])[]
  readonly then: readonly RawStep[]
  readonly else: readonly RawStep[]
}

type RawStep = readonly [f: string, key: string, value?: string]

function txnOf(txn: RawTxn) {
  return {
    Conditions: txn.compare.map(([Key, target, , operand]) =>
      target === 'version' ? { Key, ExpectedVersion: operand } : { Key, ExpectedRevision: operand },
    ),
    OperationsOnSuccess: txn.then.map(stepOf),
    OperationsOnFailure: txn.else.map(stepOf),
  }
}

function stepOf([f, key, value]: RawStep) {
  if (f === 'put') return putOf(key, value, 0)
  return f === 'delete' ? deleteOf(key) : { Type: 'range-operation', Range: { Start: key } }
}

function putOf(Key: string, value: unknown, LeaseID: number) {
  return { Type: 'put-operation', Put: { Key, Value: { Value: String(value) }, LeaseID } }
}

const deleteOf = (Key: string) => ({ Type: 'delete-operation', Delete: { Key } })

function answerOf({ f, invoke, completion = {} }: LooseOperation): ReportElement {
  const { value, deleted, applied, modRevision, count } = completion
  if (f === 'get')
    return { Range: listOf(value === null ? [] : [[invoke.key, value, modRevision, 1]]) }
  if (f === 'range') return { Range: { ...listOf(value as Listed[]), Count: count } }
  if (f === 'put') return { Txn: { Results: [{}] } }
  if (f === 'delete') return { Txn: { Results: [{ Deleted: deleted }] } }
  if (f !== 'txn') return {}
  return { Txn: { Failure: applied === false, Results: (value as unknown[]).map(resultOf) } }
}

type LooseOperation = Omit<Operation, 'completion'> & { readonly completion?: ReportElement }
type Listed = readonly unknown[]

function listOf(items: readonly Listed[]) {
  const KVs = items.map(([Key, Value, ModRevision, Version]) => {
    return { Key, Value: { Value }, ModRevision, Version }
  })
  return { KVs, Count: KVs.length }
}

function resultOf(result: unknown): ReportElement {
  if (typeof result === 'number') return { Deleted: result }
  if (!Array.isArray(result) || result[0] === null) return {}
  return listOf([['', ...result]])
}
