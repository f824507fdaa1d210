import type { Operation } from '../../../harness/history/operations.ts'
import { nameOfAddressee } from '../../../harness/history/request.ts'
import type { RateData } from '../../client/data.ts'
import { classLabelOf } from '../operation-class.ts'
import type { TimeAxis } from './time-axis.ts'

const steps = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300]

/** Operations a second by the time they ended, in at most some two hundred steps. */
export function rateOf(operations: readonly Operation[], axis: TimeAxis): RateData {
  const stepS = steps.find((step) => axis.lengthS / step <= 200) ?? axis.lengthS / 200
  const length = Math.ceil(axis.lengthS / stepS)
  const writes = new Array<number>(length).fill(0)
  const reads = new Array<number>(length).fill(0)
  const troubled = new Array<number>(length).fill(0)
  for (const operation of operations) {
    const endNs = operation.completion?.timeNs ?? operation.invoke.timeNs
    const index = Math.min(Math.floor(axis.seconds(endNs) / stepS), length - 1)
    const isWrite = classLabelOf(operation) === 'writes'
    const row = operation.outcome !== 'ok' ? troubled : isWrite ? writes : reads
    row[index] = (row[index] ?? 0) + 1
  }
  const perSecond = (row: number[]) => row.map((count) => Math.round((count / stepS) * 10) / 10)
  return {
    stepS,
    writes: perSecond(writes),
    reads: perSecond(reads),
    troubled: perSecond(troubled),
  }
}

type ClientState = 'served' | 'some' | 'none'

export interface ClientSpan {
  readonly state: ClientState
  readonly from: number
  readonly to: number
}

const stripColumns = 240

/**
 * Member, or door → runs of columns (of 240 over the whole axis) in which all, some or none of its clients'
 * operations succeeded; a column without an operation is absent.
 */
export function clientSpansOf(
  operations: readonly Operation[],
  axis: TimeAxis,
): ReadonlyMap<string, readonly ClientSpan[]> {
  const cells = new Map<string, { good: number; bad: number }[]>()
  for (const { invoke, outcome } of operations) {
    const name = nameOfAddressee(invoke)
    if (name === '') continue
    const row = cells.get(name) ?? []
    cells.set(name, row)
    const at = axis.seconds(invoke.timeNs) / axis.lengthS
    const column = Math.min(Math.floor(at * stripColumns), stripColumns - 1)
    const cell = row[column] ?? { good: 0, bad: 0 }
    row[column] = cell
    if (outcome === 'ok') cell.good++
    else cell.bad++
  }
  return new Map([...cells].map(([member, row]) => [member, runsOf(row)]))
}

function runsOf(row: readonly ({ good: number; bad: number } | undefined)[]): ClientSpan[] {
  const spans: ClientSpan[] = []
  for (let column = 0; column < row.length; column++) {
    const cell = row[column]
    if (cell === undefined) continue
    const state = cell.bad === 0 ? 'served' : cell.good === 0 ? 'none' : 'some'
    const last = spans.at(-1)
    if (last?.state === state && last.to === column) {
      spans[spans.length - 1] = { ...last, to: column + 1 }
    } else spans.push({ state, from: column, to: column + 1 })
  }
  return spans
}

export const clientColumns = stripColumns
