import { formatCell, formatValue, shorten } from '../../verdict/format.ts'
import type { CompiledHistory } from '../compile/history.ts'
import { keyName } from '../compile/history.ts'
import type { EtcdOp } from '../operation.ts'

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
    const name = shorten(keyName(compiled, key))
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
