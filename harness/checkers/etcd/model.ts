import {
  type BranchStep,
  type Cell,
  type CellAnswer,
  type EtcdOp,
  missingCell,
  type Precondition,
  type RangeAnswer,
  type Txn,
  type Write,
  type Writes,
} from './operation.ts'

const noWrites: Writes = []

/**
 * What the operation writes when it happens on this store at this revision; nothing when it
 * changes nothing, undefined when that would contradict its answer. It creates `revision + 1`
 * exactly when it writes. The answered revision is the caller's to compare.
 */
export function attempt(op: EtcdOp, store: readonly Cell[], revision: number): Writes | undefined {
  if (op.endKey >= 0 && cellOf(store, op.endKey).value !== null) return undefined
  switch (op.f) {
    case 'put':
      return [{ key: op.key, cell: putCell(cellOf(store, op.key), op, revision + 1) }]
    case 'get':
      return isGetAnswer(op, cellOf(store, op.key), revision) ? noWrites : undefined
    case 'delete': {
      const found = cellOf(store, op.key).value === null ? 0 : 1
      if (op.deleted >= 0 && op.deleted !== found) return undefined
      return found === 0 ? noWrites : [{ key: op.key, cell: missingCell }]
    }
    case 'cas': {
      const before = cellOf(store, op.key)
      const isEqual = before.value === op.old
      if (op.applied !== undefined && op.applied !== isEqual) return undefined
      return isEqual ? [{ key: op.key, cell: putCell(before, op, revision + 1) }] : noWrites
    }
    case 'range':
      return op.range === undefined || isRangeAnswer(op.range, store, revision)
        ? noWrites
        : undefined
    case 'txn':
      return op.txn === undefined ? noWrites : attemptTxn(op, op.txn, store, revision)
  }
}

export function cellOf(store: readonly Cell[], key: number): Cell {
  return store[key] ?? missingCell
}

/** What a key holds once this revision put it. */
function putCell(
  before: Cell,
  { value, lease }: Pick<EtcdOp, 'value' | 'lease'>,
  mod: number,
): Cell {
  if (before.value === null) return { value, mod, version: 1, create: mod, lease }
  const version = before.version < 0 ? -1 : before.version + 1
  return { value, mod, version, create: before.create, lease }
}

/** A cell newer than the revision is the initial one, read from before the history: unknowable. */
function isGetAnswer(op: EtcdOp, cell: Cell, revision: number): boolean {
  if (cell.mod > revision) return op.seenMod < cell.mod
  if (op.seen !== undefined && op.seen !== cell.value) return false
  return op.seenMod < 0 || op.seenMod === cell.mod
}

/** Whether a key's cell agrees with what the range answered of it. */
export function isListedAs(
  range: RangeAnswer,
  place: number,
  cell: Cell,
  revision: number,
): boolean {
  if (range.items === undefined) return true
  const item = range.items.get(range.keys[place] ?? -1)
  if (cell.mod > revision) return item === undefined || item.mod < cell.mod
  if (item === undefined) return place >= range.covered || cell.value === null
  return isShownAs(item, cell)
}

/** Whether a key that holds this cell may be shown so. */
function isShownAs({ value, mod, version }: CellAnswer, cell: Cell): boolean {
  if (value !== undefined && value !== cell.value) return false
  if (mod >= 0 && mod !== cell.mod) return false
  return version < 0 || cell.version < 0 || version === cell.version
}

function isRangeAnswer(range: RangeAnswer, store: readonly Cell[], revision: number): boolean {
  let present = 0
  let unknowable = 0
  let behind = 0
  for (let place = 0; place < range.keys.length; place++) {
    const cell = cellOf(store, range.keys[place] ?? -1)
    if (!isListedAs(range, place, cell, revision)) return false
    if (cell.mod > revision) unknowable++
    else if (cell.value !== null) present++
    if (place >= range.covered && (cell.value !== null || cell.mod > revision)) behind++
  }
  if (range.hasMore && behind === 0 && !range.isShared) return false
  if (range.count < 0) return true
  if (present > range.count) return false
  return range.isShared || present + unknowable >= range.count
}

function attemptTxn(
  op: EtcdOp,
  txn: Txn,
  store: readonly Cell[],
  revision: number,
): Writes | undefined {
  const holds = txn.compare.every((compare) => isHolding(compare, cellOf(store, compare.key)))
  if (op.applied !== undefined && op.applied !== holds) return undefined
  const steps = holds ? txn.onHold : txn.onFail
  if (txn.answers !== undefined && txn.answers.length !== steps.length) return undefined
  const writes: Write[] = []
  for (const [at, step] of steps.entries()) {
    const before = writes.findLast(({ key }) => key === step.key)?.cell
    const cell = before ?? cellOf(store, step.key)
    if (txn.answers !== undefined && !isStepAnswer(txn.answers[at], step, cell)) return undefined
    if (step.f === 'put') {
      writes.push({ key: step.key, cell: putCell(cell, step, revision + 1) })
    } else if (isDeletedBy(step, cell)) writes.push({ key: step.key, cell: missingCell })
    else if (step.f === 'end' && writes.length > 0) {
      writes.push({ key: step.key, cell: { ...missingCell, value: step.lease, mod: revision + 1 } })
    }
  }
  return writes.length === 0 ? noWrites : writes
}

function isDeletedBy({ f, lease }: BranchStep, cell: Cell): boolean {
  if (cell.value === null) return false
  return f === 'delete' || (f === 'expire' && cell.lease === lease)
}

function isStepAnswer(
  answer: CellAnswer | number | null | undefined,
  step: BranchStep,
  cell: Cell,
): boolean {
  if (step.f === 'put') return answer === null
  if (step.f !== 'get') return answer === (isDeletedBy(step, cell) ? 1 : 0)
  return typeof answer === 'object' && answer !== null && isShownAs(answer, cell)
}

export function isHolding({ target, result, operand }: Precondition, cell: Cell): boolean {
  if (target === 'value' && cell.value === null) return false
  const order =
    target === 'value'
      ? compareBytes(cell.value ?? '', String(operand))
      : cell[target] - Number(operand)
  if (result === '=') return order === 0
  if (result === '!=') return order !== 0
  return result === '<' ? order < 0 : order > 0
}

/**
 * etcd orders keys and values by their bytes, JavaScript by UTF-16 units: the same below the
 * surrogates.
 */
export function compareBytes(one: string, other: string): number {
  if (one === other) return 0
  const shorter = Math.min(one.length, other.length)
  let at = 0
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at++
  if (at === shorter) return one.length - other.length
  const difference = one.charCodeAt(at) - other.charCodeAt(at)
  const isPlain = one.charCodeAt(at) < firstSurrogate && other.charCodeAt(at) < firstSurrogate
  return isPlain ? difference : Buffer.compare(Buffer.from(one), Buffer.from(other))
}

const firstSurrogate = 0xd800
