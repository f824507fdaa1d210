import { type TimeSpan, uniteSpans } from '../../core/spans.ts'
import type { FaultWindow } from '../../history/fault-windows.ts'
import type { Mark } from '../../run-record/run-record.ts'
import type { Attempt } from './attempts.ts'

export type Phase = 'before' | 'during' | 'after'

/** A scenario's time, cut by its faults and by the proofs of its steady state. */
export interface Phases {
  /** From the first proof of a steady state to the first fault, or to the end. */
  readonly before: TimeSpan | undefined
  /** From every later proof of a steady state to the next fault, or to the end. */
  readonly after: readonly TimeSpan[]
  /** From the first fault on; undefined without one. */
  readonly firstFaultNs: number | undefined
}

/** A steady state that was proved while a fault was in force is not one without a fault. */
export function phasesOf(
  windows: readonly Pick<FaultWindow, 'beginNs' | 'endNs'>[],
  marks: readonly Pick<Mark, 'kind' | 'timeNs'>[],
): Phases {
  const begins = windows.map(({ beginNs }) => beginNs).sort((one, other) => one - other)
  const inForce = (timeNs: number) =>
    windows.some(({ beginNs, endNs }) => beginNs <= timeNs && timeNs < endNs)
  const quiet = marks
    .filter(({ kind, timeNs }) => kind === 'steady' && !inForce(timeNs))
    .map(({ timeNs: fromNs }) => {
      const toNs = begins.find((beginNs) => beginNs > fromNs) ?? Number.POSITIVE_INFINITY
      return { fromNs, toNs }
    })
  const [firstFaultNs = Number.POSITIVE_INFINITY] = begins
  const spans = uniteSpans(quiet)
  return {
    before: spans.find(({ fromNs }) => fromNs < firstFaultNs),
    after: spans.filter(({ fromNs }) => fromNs >= firstFaultNs),
    firstFaultNs: begins[0],
  }
}

/** The phase in which a request was due; undefined before the steady state was proved. */
export function phaseOf(
  { dueNs }: Pick<Attempt, 'dueNs'>,
  { before, after, firstFaultNs = Number.POSITIVE_INFINITY }: Phases,
): Phase | undefined {
  const isIn = ({ fromNs, toNs }: TimeSpan) => fromNs <= dueNs && dueNs < toNs
  if (before !== undefined && isIn(before)) return 'before'
  if (after.some(isIn)) return 'after'
  return dueNs >= firstFaultNs ? 'during' : undefined
}
