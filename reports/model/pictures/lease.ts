import type { Verdict } from '../../../harness/checkers/checker.ts'
import type { LeaseViolation } from '../../../harness/checkers/lease/violation.ts'
import { joinRequests } from '../../../harness/history/join.ts'
import type {
  LeaseCompletion,
  LeaseInvocation,
  LeaseLog,
} from '../../../harness/history/logs/lease.ts'
import type { Operation } from '../../../harness/history/operations.ts'
import type { SavedHistory } from '../../read/history.ts'
import { brief } from '../operation-text.ts'
import { historyLinesOf, leaseLinesOf } from '../raw-lines.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import { columnsOf } from './columns.ts'
import {
  boundBars,
  faultBars,
  formatTime,
  type JoinedLeaseRequest,
  operationBar,
  requestBar,
  type TimedBar,
} from './lease-bars.ts'
import type { Picture, Row } from './picture.ts'
import { isLeaseViolation, violationsOf } from './violation-facts.ts'

const mostRequests = 8
const mostReads = 4

/**
 * The life of one lease by the clock: its requests, when it had to be there or gone, and what reads of
 * its key answered. Without leases.jsonl the requests are missing.
 */
export function leasePicture(
  { checker, evidence }: Pick<Verdict, 'checker' | 'evidence'>,
  history: SavedHistory,
  { log, axis }: { readonly log: LeaseLog | undefined; readonly axis: TimeAxis },
): Picture | undefined {
  const { all, found } = violationsOf(evidence, isLeaseViolation)
  const [first] = all
  if (first === undefined) return undefined
  const requests = chooseRequests(first, log, history)
  const operations = chooseOperations(first, history)
  const ofLease = requests.map((request) => requestBar(request, first, axis))
  const ofKey = operations.map((operation) => operationBar(operation, first, axis))
  const moments = [...ofLease, ...ofKey].flatMap(({ fromNs, toNs }) => [fromNs, toNs])
  if (moments.length === 0) return undefined
  const [startNs, endNs] = [Math.min(...moments), Math.max(...moments)]
  const rows = [
    ['faults', faultBars(history, axis, { startNs, endNs })],
    ['lease', ofLease],
    ['had to be', boundBars(first, endNs)],
    [brief(operations[0]?.invoke.key ?? 'key'), ofKey],
  ] as const
  return {
    checker,
    heading: 'What became of the lease',
    subject: first.lease,
    notes: [
      'Time goes from left to right; columns show order, not length.',
      `${first.found}, expected ${first.expected}.`,
      ...(axis.startNs > 0
        ? [
            `Times are those of the evidence; the timeline below begins at ${formatTime(axis.startNs)}.`,
          ]
        : []),
    ],
    ...layOut(rows),
    raw: [...(log ? [leaseLinesOf(requests, log)] : []), historyLinesOf(operations, history)],
    ...(found > 1 && { table: { heads, rows: all.map(rowOf), found } }),
  }
}

const heads = ['Key or lease', 'Guarantee', 'Observed', 'Expected']

const rowOf = ({ partition, guarantee, found, expected }: LeaseViolation) => [
  partition,
  guarantee,
  found,
  expected,
]

function layOut(rows: readonly (readonly [string, readonly TimedBar[]])[]) {
  const all = rows.flatMap(([, bars]) => bars)
  const { count, span, columnOf } = columnsOf(all.flatMap(({ fromNs, toNs }) => [fromNs, toNs]))
  const starts = new Set(all.map(({ fromNs }) => fromNs))
  return {
    columns: count,
    ticks: [...starts].map((ns) => ({ column: columnOf(ns), text: formatTime(ns) })),
    rows: rows.flatMap(([name, bars]): Row[] =>
      bars.length === 0
        ? []
        : [
            {
              name,
              bars: bars.map(({ fromNs, toNs, ...bar }) => ({ ...bar, ...span(fromNs, toNs) })),
            },
          ],
    ),
  }
}

/** What granted and revoked it and the request that keeps it, the last ones up to the violation, and the next. */
function chooseRequests(
  violation: LeaseViolation,
  log: LeaseLog | undefined,
  { operations }: SavedHistory,
): JoinedLeaseRequest[] {
  const { lease, culprit, request: wrong, keptFromNs } = violation
  const own = joinRequests<LeaseInvocation, LeaseCompletion>(log?.entries ?? []).filter(
    ({ invoke }) => invoke.lease === lease,
  )
  const read = operations.find(({ invokeIndex }) => invokeIndex === culprit)
  const untilNs = read?.completion?.timeNs ?? 0
  const isUpTo = ({ invoke, invokeIndex }: JoinedLeaseRequest) =>
    wrong === undefined ? invoke.timeNs <= untilNs : invokeIndex <= wrong
  const end = own.filter(isUpTo).length + 1
  return own
    .slice(0, end)
    .filter(
      ({ f, invoke }, at) =>
        f !== 'keepalive' || invoke.timeNs === keptFromNs || at >= end - mostRequests,
    )
}

/** The put, and the last gets of its key up to the violation. */
function chooseOperations(
  { put, culprit }: LeaseViolation,
  { operations }: SavedHistory,
): Operation[] {
  const read = operations.find(({ invokeIndex }) => invokeIndex === culprit)
  if (read === undefined) return []
  const before = operations.filter(
    ({ f, invoke, invokeIndex }) =>
      f === 'get' && invoke.key === read.invoke.key && invokeIndex < read.invokeIndex,
  )
  const written = operations.filter(({ invokeIndex }) => invokeIndex === put)
  const chosen = [...written, ...before.slice(-mostReads), read]
  return chosen.sort((one, other) => one.invokeIndex - other.invokeIndex)
}
