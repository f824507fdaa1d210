import type { LoggedCompare, LoggedRequest, LoggedStep } from '../../history/logs/wal.ts'
import type { OperationEvent } from '../../history/operations.ts'
import type { Transaction, TxnStep } from '../../history/request.ts'

/**
 * The request that a log holds when etcd accepts this one of a client; undefined for one that reads
 * only, which etcd answers without an entry.
 */
export function loggedFormOf({
  f,
  key = '',
  value,
  lease,
}: OperationEvent): LoggedStep | undefined {
  if (f === 'put') {
    const put = { kind: 'put', key, value: String(value) } as const
    return typeof lease === 'string' && lease !== '0' ? { ...put, lease } : put
  }
  if (f === 'delete') return { kind: 'delete', key }
  if (f === 'cas') return compareAndSet(key, value as readonly [string | null, string])
  return f === 'txn' ? transaction(value as Transaction) : undefined
}

function compareAndSet(key: string, [old, fresh]: readonly [string | null, string]): LoggedStep {
  const compare: LoggedCompare =
    old === null
      ? { key, target: 'mod', result: '=', operand: 0 }
      : { key, target: 'value', result: '=', operand: old }
  return { kind: 'txn', compare: [compare], success: [putOf(key, fresh)], failure: [] }
}

function transaction({ compare, then, else: otherwise }: Transaction): LoggedStep | undefined {
  if ([...then, ...otherwise].every(([what]) => what === 'get')) return undefined
  return {
    kind: 'txn',
    compare: compare.map(
      ([key, target, result, operand]) => ({ key, target, result, operand }) as LoggedCompare,
    ),
    success: then.map(stepOf),
    failure: otherwise.map(stepOf),
  }
}

function stepOf(step: TxnStep): LoggedStep {
  if (step[0] === 'put') return putOf(step[1], step[2])
  return { kind: step[0] === 'get' ? 'range' : 'delete', key: step[1] }
}

const putOf = (key: string, value: string) => ({ kind: 'put', key, value }) as const

/** The same text for the same request, whatever the order of its fields. */
export function signatureOf(request: LoggedRequest): string {
  return JSON.stringify(partsOf(request))
}

function partsOf(request: LoggedRequest): unknown[] {
  switch (request.kind) {
    case 'put': {
      const { key, value, lease, ignoreValue, ignoreLease } = request
      return ['put', key, value, lease, ignoreValue, ignoreLease]
    }
    case 'delete':
      return ['delete', request.key, request.end]
    case 'range':
      return ['range', request.key, request.end, request.atRevision]
    case 'txn': {
      const compare = request.compare.map((one) => {
        return [one.key, one.end, one.target, one.result, one.operand]
      })
      return ['txn', compare, request.success.map(partsOf), request.failure.map(partsOf)]
    }
    case 'lease-grant':
    case 'lease-revoke':
      return [request.kind, request.lease]
    default:
      return [request.kind]
  }
}
