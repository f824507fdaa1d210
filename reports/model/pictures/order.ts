import type { Counterexample, Verdict } from '../../../harness/checkers/checker.ts'
import type { Operation } from '../../../harness/history/operations.ts'
import type { SavedHistory } from '../../read/history.ts'
import { brief } from '../operation-text.ts'
import { historyLinesOf } from '../raw-lines.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import {
  columnsOfOperations,
  commonKey,
  describeOperation,
  endAtCompletion,
  rowsByClient,
} from './operation-bars.ts'
import type { Picture } from './picture.ts'

const maxBars = 40

/**
 * The operations around a violation, on a lane a client, in the order of the events; of a search for
 * an order also their places in it. Undefined when the verdict names no operation of the history.
 */
export function orderPicture(
  { checker, evidence = {} }: Pick<Verdict, 'checker' | 'evidence'>,
  history: SavedHistory,
  axis: TimeAxis,
): Picture | undefined {
  const byInvoke = new Map(history.operations.map((entry) => [entry.invokeIndex, entry]))
  const chosen = chooseOperations(evidence, byInvoke, history)
  if (chosen.length === 0) return undefined
  const { count, span } = columnsOfOperations(chosen)
  const places = new Map((evidence.prefix ?? []).map((index, place) => [index, place + 1]))
  const key = commonKey(chosen)
  const rows = rowsByClient(chosen, (operation) => {
    const { invokeIndex, completeIndex } = operation
    const place = places.get(invokeIndex)
    const isCulprit = evidence.culprit === invokeIndex
    return {
      ...describeOperation(operation, {
        withKey: key === undefined,
        isCulprit,
        seconds: axis.seconds,
      }),
      ...span(invokeIndex, completeIndex),
      ...(place !== undefined && { place }),
    }
  })
  const isFound = chosen.some(({ invokeIndex }) => invokeIndex === evidence.culprit)
  return {
    checker,
    heading: key === undefined ? 'What clients observed' : 'What clients observed of',
    ...(key !== undefined && { subject: brief(key) }),
    notes: notesOf({ isOrder: places.size > 0, isFound }),
    columns: count,
    ticks: [],
    rows,
    raw: [historyLinesOf(chosen, history)],
  }
}

function notesOf({ isOrder, isFound }: { isOrder: boolean; isFound: boolean }): string[] {
  const culprit = isOrder
    ? 'No order explains the red operation.'
    : 'The red operation shows the violation.'
  return [
    'Each bar is an operation from its request to its response, in the order of events.',
    ...(isOrder
      ? ["A number is an operation's place in the longest order that explains every response."]
      : []),
    ...(isFound ? [culprit] : []),
  ]
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
  return operationsAt(indexes, byInvoke, history)
}

function operationsAt(
  indexes: Iterable<number>,
  byInvoke: ReadonlyMap<number, Operation>,
  history: SavedHistory,
): Operation[] {
  return [...indexes]
    .flatMap((index) => byInvoke.get(index) ?? [])
    .sort((one, other) => one.invokeIndex - other.invokeIndex)
    .map((operation) => endAtCompletion(operation, history))
}
