import type { Verdict } from '../../../harness/checkers/checker.ts'
import type { LeaseViolation } from '../../../harness/checkers/lease/violation.ts'
import { joinRequests } from '../../../harness/history/join.ts'
import type {
  LeaseCompletion,
  LeaseInvocation,
  LeaseLog,
} from '../../../harness/history/logs/lease.ts'
import type { Operation } from '../../../harness/history/operations.ts'
import { nameOfAddressee } from '../../../harness/history/request.ts'
import type { SavedHistory } from '../../read/history.ts'
import { argumentOf, brief } from '../operation-text.ts'
import { historyLinesOf, leaseLinesOf } from '../raw-lines.ts'
import { faultSpans } from '../timeline/fault-spans.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import { columnsOf } from './columns.ts'
import { describeOperation } from './operation-bars.ts'
import type { Bar, Picture, Row } from './picture.ts'
import { isLeaseViolation, violationsOf } from './violation-facts.ts'

type LeaseRequest = Operation<LeaseInvocation, LeaseCompletion>

const mostRequests = 8
const mostReads = 4

/** A bar before it has columns: its moments are times. */
type TimedBar = Omit<Bar, 'fromColumn' | 'toColumn'> & {
  readonly fromNs: number
  readonly toNs: number
}

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
): LeaseRequest[] {
  const { lease, culprit, request: wrong, keptFromNs } = violation
  const own = joinRequests<LeaseInvocation, LeaseCompletion>(log?.entries ?? []).filter(
    ({ invoke }) => invoke.lease === lease,
  )
  const read = operations.find(({ invokeIndex }) => invokeIndex === culprit)
  const untilNs = read?.completion?.timeNs ?? 0
  const isUpTo = ({ invoke, invokeIndex }: LeaseRequest) =>
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

function requestBar(
  { f, process, outcome, invoke, completion, invokeIndex }: LeaseRequest,
  { request }: LeaseViolation,
  axis: TimeAxis,
): TimedBar {
  const isCulprit = invokeIndex === request
  const asked = f === 'grant' ? [`${invoke.ttlS} s`] : []
  const result = formatLeaseAnswer(f, completion)
  const words = [f, ...asked]
  const [fromNs, toNs] = [invoke.timeNs, completion?.timeNs ?? axis.endNs]
  const mark = isCulprit ? ' (the violation)' : ''
  const text = `client ${process} at ${nameOfAddressee(invoke)}: ${words.join(' ')} → ${result}, ${formatTime(fromNs)}${mark}`
  return { kind: outcome, words, result, text, isCulprit, fromNs, toNs }
}

function formatLeaseAnswer(f: string, completion: LeaseCompletion | undefined): string {
  if (completion === undefined) return 'never completed'
  const { type, ttlS, otherLease, error } = completion
  if (type !== 'ok') return `${type === 'info' ? 'unknown' : 'failed'} ${brief(error ?? '')}`.trim()
  if (f === 'revoke') return 'ok'
  const left = ttlS === 0 ? 'no such lease' : `${ttlS} s`
  return otherLease === undefined ? left : `${left}, of lease ${otherLease}`
}

function operationBar(operation: Operation, { culprit }: LeaseViolation, axis: TimeAxis): TimedBar {
  const isCulprit = operation.invokeIndex === culprit
  const bar = describeOperation(operation, { withKey: true, isCulprit, seconds: secondsOf })
  const { f, outcome, invoke, completion } = operation
  const words = [f, argumentOf(invoke)].filter(Boolean)
  const isRead = f === 'get' && outcome === 'ok'
  const result = isRead ? (completion?.value === null ? 'missing' : 'there') : bar.result
  return { ...bar, words, result, fromNs: invoke.timeNs, toNs: completion?.timeNs ?? axis.endNs }
}

/** From when to when the lease had to be there, or since when it had to be gone. */
function boundBars(
  { keptFromNs, keptUntilNs, goneSinceNs, expected }: LeaseViolation,
  endNs: number,
): TimedBar[] {
  const bar = (kind: 'must' | 'gone', word: string, fromNs: number, toNs: number): TimedBar => {
    const words = [word]
    const result = `${kind === 'must' ? 'until' : 'since'} ${formatTime(kind === 'must' ? toNs : fromNs)}`
    const text = `the lease had to be ${word} ${result}: ${expected}`
    return { kind, words, result, text, isCulprit: false, fromNs, toNs }
  }
  return [
    ...(keptFromNs === undefined || keptUntilNs === undefined
      ? []
      : [bar('must', 'there', keptFromNs, keptUntilNs)]),
    ...(goneSinceNs === undefined
      ? []
      : [bar('gone', 'gone', goneSinceNs, Math.max(endNs, goneSinceNs))]),
  ]
}

/** Those in force at the time that the picture shows. */
function faultBars(
  history: SavedHistory,
  axis: TimeAxis,
  { startNs, endNs }: { readonly startNs: number; readonly endNs: number },
): TimedBar[] {
  return faultSpans(history, axis).flatMap(({ name, targets, fromS, toS }): TimedBar[] => {
    const fromNs = Math.max(axis.startNs + fromS * 1e9, startNs)
    const toNs = Math.min(axis.startNs + toS * 1e9, endNs)
    if (fromNs >= toNs) return []
    const words = [name, ...targets]
    const result = `${formatTime(axis.startNs + fromS * 1e9)} to ${formatTime(axis.startNs + toS * 1e9)}`
    const text = `${words.join(' ')}, ${result}`
    return [{ kind: 'fail', words, result, text, isCulprit: false, fromNs, toNs }]
  })
}

/** As the verdict counts: by the clock of the evidence. */
const secondsOf = (ns: number) => ns / 1e9
const formatTime = (ns: number) => `${secondsOf(ns).toFixed(2)} s`
