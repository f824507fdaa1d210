import type { Counterexample, Verdict } from '../../harness/checkers/checker.ts'
import type { Operation } from '../../harness/history/operations.ts'
import type { SavedHistory } from '../read/history.ts'
import type { TimeAxis } from './clock.ts'
import { argumentOf, brief, resultOf } from './operation-text.ts'
import { historyLinesOf, type RawLines } from './raw-lines.ts'

/** The picture of one broken guarantee: bars on a lane a process, in the order of the events. */
export interface ViolationPicture {
  readonly checker: string
  readonly columns: number
  /** The key, when all operations have the same; the labels then leave it out. */
  readonly key?: string
  readonly rows: readonly { readonly process: number; readonly bars: readonly Bar[] }[]
  readonly culprit?: Bar
  /** Whether the checker looked for an order of the operations; then bars have places in it. */
  readonly isOrder: boolean
  readonly raw: RawLines
}

export interface Bar {
  /** What was requested: the operation, its key where they differ, its argument. */
  readonly words: readonly string[]
  readonly result: string
  readonly outcome: Operation['outcome']
  readonly member: string
  readonly process: number
  readonly fromColumn: number
  readonly toColumn: number
  readonly fromS: number
  readonly toS: number | null
  /** Place in the longest order that was found; absent when it has none. */
  readonly place?: number
  readonly isCulprit: boolean
}

const maxBars = 40

/** Undefined when the verdict names no operation of the history. */
export function pictureOf(
  verdict: Pick<Verdict, 'checker' | 'evidence'>,
  history: SavedHistory,
  axis: TimeAxis,
): ViolationPicture | undefined {
  const evidence = verdict.evidence ?? {}
  const byInvoke = new Map(history.operations.map((entry) => [entry.invokeIndex, entry]))
  const chosen = chooseOperations(evidence, byInvoke, history)
  if (chosen.length === 0) return undefined
  const column = columnsOf(chosen)
  const places = new Map((evidence.prefix ?? []).map((index, place) => [index, place + 1]))
  const key = commonKey(chosen)
  const withKey = key === undefined
  const bars = chosen.map((operation) =>
    barOf({ operation, evidence, column, places, axis, withKey }),
  )
  const culprit = bars.find((bar) => bar.isCulprit)
  const rows = [...new Set(bars.map(({ process }) => process))]
    .sort((one, other) => one - other)
    .map((process) => ({ process, bars: bars.filter((bar) => bar.process === process) }))
  const named = key === undefined ? {} : { key: brief(key) }
  const picture = {
    ...{ checker: verdict.checker, columns: column.size, rows, ...named },
    isOrder: places.size > 0,
    raw: historyLinesOf(chosen, history),
  }
  return culprit === undefined ? picture : { ...picture, culprit }
}

/** The culprit, involved operations, the prefix's end, and operations that overlap on its key. */
function chooseOperations(
  evidence: Counterexample,
  byInvoke: ReadonlyMap<number, Operation>,
  history: SavedHistory,
): Operation[] {
  const indexes = new Set<number>()
  if (evidence.culprit !== undefined) indexes.add(evidence.culprit)
  for (const index of (evidence.involved ?? []).slice(-maxBars)) indexes.add(index)
  for (const index of [...(evidence.prefix ?? [])].reverse()) {
    if (indexes.size < maxBars / 2 && byInvoke.has(index)) indexes.add(index)
  }
  const culprit = evidence.culprit === undefined ? undefined : byInvoke.get(evidence.culprit)
  if (culprit !== undefined) {
    for (const other of history.operations) {
      const overlaps =
        other.invokeIndex < culprit.completeIndex && other.completeIndex > culprit.invokeIndex
      const sameKey = other.invoke.key === culprit.invoke.key
      if (overlaps && sameKey && indexes.size < maxBars) indexes.add(other.invokeIndex)
    }
  }
  return [...indexes]
    .flatMap((index) => byInvoke.get(index) ?? [])
    .sort((one, other) => one.invokeIndex - other.invokeIndex)
    .map((operation) => endAtCompletion(operation, history))
}

/** A bar ends where the client stopped waiting, though an `info` may take effect later. */
function endAtCompletion(operation: Operation, { events }: SavedHistory): Operation {
  const { completion } = operation
  if (completion === undefined) return operation
  return { ...operation, completeIndex: events.indexOf(completion) }
}

function commonKey(operations: readonly Operation[]): string | undefined {
  const keys = new Set(operations.map(({ invoke }) => invoke.key))
  return keys.size === 1 ? [...keys][0] : undefined
}

/** Event index → column. Columns show order, not time: a pause would leave bars a pixel wide. */
function columnsOf(operations: readonly Operation[]): Map<number, number> {
  const indexes = new Set(
    operations.flatMap(({ invokeIndex, completeIndex }) => [invokeIndex, completeIndex]),
  )
  const ordered = [...indexes].sort((one, other) => one - other)
  return new Map(ordered.map((index, column) => [index, column]))
}

function barOf(parts: {
  readonly operation: Operation
  readonly evidence: Counterexample
  readonly column: ReadonlyMap<number, number>
  readonly places: ReadonlyMap<number, number>
  readonly axis: TimeAxis
  readonly withKey: boolean
}): Bar {
  const { operation, evidence, column, places, axis, withKey } = parts
  const { invoke, completion, invokeIndex, completeIndex } = operation
  const place = places.get(invokeIndex)
  const bar = {
    words: [operation.f, withKey ? brief(invoke.key ?? '') : '', argumentOf(invoke)].filter(
      Boolean,
    ),
    result: resultOf(operation),
    outcome: operation.outcome,
    member: invoke.member ?? '',
    process: operation.process,
    fromColumn: column.get(invokeIndex) ?? 0,
    toColumn: column.get(completeIndex) ?? 0,
    fromS: axis.seconds(invoke.timeNs),
    toS: completion === undefined ? null : axis.seconds(completion.timeNs),
    isCulprit: evidence.culprit === invokeIndex,
  }
  return place === undefined ? bar : { ...bar, place }
}
