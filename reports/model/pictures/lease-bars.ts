import type { LeaseViolation } from '../../../harness/checkers/lease/violation.ts'
import type { LeaseCompletion, LeaseInvocation } from '../../../harness/history/logs/lease.ts'
import type { Operation } from '../../../harness/history/operations.ts'
import { nameOfAddressee } from '../../../harness/history/request.ts'
import type { SavedHistory } from '../../read/history.ts'
import { argumentOf, brief } from '../operation-text.ts'
import { faultSpans } from '../timeline/fault-spans.ts'
import type { TimeAxis } from '../timeline/time-axis.ts'
import { describeOperation } from './operation-bars.ts'
import type { Bar } from './picture.ts'

export type JoinedLeaseRequest = Operation<LeaseInvocation, LeaseCompletion>

/** A bar before it has columns: its moments are times. */
export type TimedBar = Omit<Bar, 'fromColumn' | 'toColumn'> & {
  readonly fromNs: number
  readonly toNs: number
}

export function requestBar(
  { f, process, outcome, invoke, completion, invokeIndex }: JoinedLeaseRequest,
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

export function operationBar(
  operation: Operation,
  { culprit }: LeaseViolation,
  axis: TimeAxis,
): TimedBar {
  const isCulprit = operation.invokeIndex === culprit
  const bar = describeOperation(operation, { withKey: true, isCulprit, seconds: secondsOf })
  const { f, outcome, invoke, completion } = operation
  const words = [f, argumentOf(invoke)].filter(Boolean)
  const isRead = f === 'get' && outcome === 'ok'
  const result = isRead ? (completion?.value === null ? 'missing' : 'there') : bar.result
  return { ...bar, words, result, fromNs: invoke.timeNs, toNs: completion?.timeNs ?? axis.endNs }
}

/** From when to when the lease had to be there, or since when it had to be gone. */
export function boundBars(
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
export function faultBars(
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
export const formatTime = (ns: number) => `${secondsOf(ns).toFixed(2)} s`
