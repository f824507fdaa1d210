import type { Verdict } from '../../../harness/checkers/checker.ts'
import type { LockViolation } from '../../../harness/checkers/lock.ts'
import type { SavedHistory } from '../../read/history.ts'
import { brief } from '../operation-text.ts'
import { historyLinesOf } from '../raw-lines.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import {
  columnsOfOperations,
  describeOperation,
  endAtCompletion,
  rowsByClient,
} from './operation-bars.ts'
import type { Bar, Picture, Row } from './picture.ts'
import { isLockViolation, violationsOf } from './violation-facts.ts'

/** A lock that two hold: grants and releases on a lane a client, and below them for how long each holds it. */
export function lockPicture(
  { checker, evidence }: Pick<Verdict, 'checker' | 'evidence'>,
  history: SavedHistory,
  axis: TimeAxis,
): Picture | undefined {
  const { all, found } = violationsOf(evidence, isLockViolation)
  const [first] = all
  if (first === undefined) return undefined
  const owners = new Map(first.grants.map(({ operation, owner }) => [operation, owner]))
  const wanted = new Set([...owners.keys(), ...first.releases])
  const chosen = history.operations
    .filter(({ invokeIndex }) => wanted.has(invokeIndex))
    .map((operation) => endAtCompletion(operation, history))
  const { count, span, columnOf } = columnsOfOperations(chosen)
  const rows = rowsByClient(chosen, (operation) => {
    const isCulprit = operation.invokeIndex === first.second.operation
    const owner = owners.get(operation.invokeIndex)
    return {
      ...describeOperation(operation, { withKey: false, isCulprit, seconds: axis.seconds }),
      ...span(operation.invokeIndex, operation.completeIndex),
      words: owner === undefined ? ['release'] : ['grant to', brief(owner)],
    }
  })
  const answered = (index: number) =>
    columnOf(chosen.find(({ invokeIndex }) => invokeIndex === index)?.completeIndex ?? index)
  const holders = [first.holder, first.second].map(({ owner, operation }, at) =>
    holdingRow(owner, { fromColumn: answered(operation), toColumn: count + 1, isFirst: at === 0 }),
  )
  return {
    checker,
    heading: 'Who held',
    subject: brief(first.key),
    notes: [
      'Bars are grants and releases of the lock, in the order of events.',
      'The red grant came while another client held it, and no release had been requested.',
    ],
    columns: count + 1,
    ticks: [],
    rows: [...rows, ...holders],
    raw: [historyLinesOf(chosen, history)],
    ...(found > 1 && { table: { heads, rows: all.map(rowOf), found } }),
  }
}

/** Until the right edge: nobody requested a release. */
function holdingRow(
  owner: string,
  { isFirst, ...span }: { fromColumn: number; toColumn: number; isFirst: boolean },
): Row {
  const result = isFirst ? 'and did not give it back' : 'at the same time'
  const words = [brief(owner), 'holds it']
  const bar: Bar = {
    kind: isFirst ? 'held' : 'lost',
    words,
    result,
    text: `${words.join(' ')} ${result}`,
    isCulprit: false,
    ...span,
  }
  return { name: 'holds', bars: [bar] }
}

const heads = ['Lock', 'Held by', 'Granted to']

const rowOf = ({ key, holder, second }: LockViolation) => [key, holder.owner, second.owner]
