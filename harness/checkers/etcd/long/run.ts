import type { HistoryHeader } from '../../../history/operations.ts'
import type { CheckLimits, Verdict } from '../../checker.ts'
import { unknownVerdict } from '../../verdict/unknown.ts'
import type { Share } from '../budget.ts'
import { readInitial } from '../compile/initial.ts'
import { checkerName } from '../violation.ts'
import { createArrivals, type PlacedOperation, type UnknownOperation } from './arrivals.ts'
import type { StatesOfWindow, Window } from './window.ts'

/** A verdict with the part of the history that it is about; the evidence's indexes are that part's. */
export interface LongVerdict {
  readonly verdict: Verdict
  readonly window: Window
}

export interface LongOptions extends CheckLimits {
  /** How many operations a part has, before it is judged. */
  readonly heldOperations?: number
}

type RunOptions = CheckLimits & { readonly heldOperations: number }

/** What is held of a history that is judged in parts. */
export interface LongRun {
  readonly header: HistoryHeader
  readonly endMs: number
  readonly limits: CheckLimits
  readonly arrivals: ReturnType<typeof createArrivals>
  /** The revision at which the last part ended; -1 = there was none, and the start is not known. */
  start: number
  initial: HistoryHeader['initial']
  held: PlacedOperation[]
  unknown: UnknownOperation[]
  /** Unknown operations that a part before was explained by. */
  used: UnknownOperation[]
  kept: StatesOfWindow[]
  operations: number
  factsJudged: number
  nextCut: number
}

export function startRun(
  header: HistoryHeader,
  { heldOperations, ...limits }: RunOptions,
): LongRun {
  const { initialRevision: start } = readInitial(header.initial)
  return {
    header,
    endMs: performance.now() + (limits.timeoutMs ?? Infinity),
    limits,
    arrivals: createArrivals(Math.max(0, start)),
    start,
    initial: header.initial,
    held: [],
    unknown: [],
    used: [],
    kept: [],
    operations: 0,
    factsJudged: 0,
    nextCut: heldOperations,
  }
}

export function limitsLeft({ limits, endMs }: LongRun): Share {
  const { timeoutMs = Infinity } = limits
  return { ...limits, timeoutMs: Math.max(0, endMs - performance.now()), ofMs: timeoutMs }
}

export function conclude(run: LongRun): LongVerdict {
  const verdict = { checker: checkerName, verdict: 'valid' } as const
  return { verdict: withCounts(run, { ...verdict, factsJudged: 0 }), window: noWindow(run) }
}

export function giveUp(run: LongRun, why: string): LongVerdict {
  const reason = `${why}: not judged in parts, and the history is too large to be judged whole`
  return { verdict: withCounts(run, unknownVerdict(checkerName, reason)), window: noWindow(run) }
}

const noWindow = ({ header }: LongRun): Window => ({ history: { header, events: [] }, places: [] })

export function withCounts({ operations, factsJudged }: LongRun, verdict: Verdict): Verdict {
  return { ...verdict, operations, factsJudged: Math.max(factsJudged, verdict.factsJudged) }
}
