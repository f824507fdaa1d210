import { mayBeStale } from '../../history/stale.ts'
import type { CompiledHistory } from './compile.ts'
import type { Cell, EtcdOp } from './operation.ts'
/** Such as `get of k3 by process 4 at m2`. */
export function formatOperation(compiled: CompiledHistory, op: EtcdOp): string {
  const { process, invoke, f } = op.source
  const keyId = keyOf(op)
  const key = keyId >= 0 ? ` of ${formatKey(compiled, keyId)}` : ''
  const value = f === 'put' ? ` = ${formatValue(op.value)}` : ''
  const swap = op.f === 'cas' ? ` from ${formatValue(op.old)} to ${formatValue(op.value)}` : ''
  const at = invoke.member === undefined ? '' : ` at ${invoke.member}`
  const stale = mayBeStale(invoke) ? 'serializable ' : ''
  return `${stale}${f}${key}${value}${swap} by process ${process}${at}`
}

/** Of a request for one key; -1 of others. One that told what it replaced is compiled to a txn. */
export function keyOf({ source, txn, key }: EtcdOp): number {
  return source.f === 'txn' ? -1 : (txn?.onHold[0]?.key ?? key)
}

/** What the answer claims about this key. */
export function formatAnswer(compiled: CompiledHistory, op: EtcdOp, key: number): string {
  const revision = op.revision < 0 ? '' : ` at revision ${op.revision}`
  if (op.f === 'get') {
    if (op.seen === undefined) return `modRevision ${op.seenMod}${revision}`
    if (op.seen === null) return `that it is missing${revision}`
    const mod = op.seenMod < 0 ? '' : ` (modRevision ${op.seenMod})`
    return `${formatValue(op.seen)}${mod}${revision}`
  }
  if (op.f === 'cas') {
    return op.applied
      ? `that it was ${formatValue(op.old)}${revision}`
      : `that it was not ${formatValue(op.old)}${revision}`
  }
  if (op.f === 'delete')
    return op.deleted > 0 ? `that it was there${revision}` : `that it was missing${revision}`
  if (op.range !== undefined) {
    const item = op.range.items?.get(key)
    const name = formatKey(compiled, key)
    return item === undefined
      ? `a list that does not go with ${name}${revision}`
      : `${name} = ${formatCell(item)}${revision}`
  }
  const before = op.source.f === 'txn' ? undefined : op.txn?.answers?.[0]
  if (typeof before === 'object' && before !== null) {
    return `that it was ${formatCell(before)} before it${revision}`
  }
  return `${op.applied ? 'then' : 'else'}${revision}`
}

/** The key's name, shortened when nobody would read it all. */
export function formatKey({ keys }: Pick<CompiledHistory, 'keys'>, key: number): string {
  const name = keys[key] ?? 'store'
  return name.length > 60 ? `${name.slice(0, 40)}…` : name
}

export function formatCell(cell: Cell): string {
  return cell.value === null ? 'missing' : `${formatValue(cell.value)} (modRevision ${cell.mod})`
}

export function formatValue(value: string | null): string {
  if (value === null) return 'no value'
  return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value)
}
