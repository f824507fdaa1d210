import type { HistoryHeader, OperationEvent } from '../../../history/operations.ts'
import type { CheckLimits, Verdict } from '../../checker.ts'
import { unknownVerdict } from '../../verdict/unknown.ts'
import type { Share } from '../budget.ts'
import { checkEtcd } from '../check-etcd.ts'
import { readInitial } from '../compile/initial.ts'
import { checkerName } from '../violation.ts'
import {
  type Arrival,
  createArrivals,
  isStale,
  type PlacedOperation,
  type UnknownOperation,
} from './arrivals.ts'
import { findCertainCut } from './certain-cut.ts'
import {
  buildWindow,
  decideWindow,
  type KeyContents,
  type StatesOfWindow,
  type Window,
} from './window.ts'

/** Operations that are held until a cut is looked for, and the most that may be held. */
const windowOperations = 100_000
const mostOperations = 1_000_000
/** After so many times as many, what is still open is taken for unknown. */
const patience = 3
/** Windows whose states are kept, for stale reads. */
const windowsKept = 3

/** A verdict with the part of the history that it is about; the evidence's indexes are that part's. */
export interface LongVerdict {
  readonly verdict: Verdict
  readonly window: Window
}

/**
 * Judges an etcd history event by event, in memory that does not grow with its length: a part of the
 * history is judged, and forgotten, as soon as answers alone decide the whole store at its end. It
 * finds what `checkEtcd` finds; where that cannot be done in parts, it gives up (`unknown`) and says
 * why. `add` returns a verdict that more events do not change.
 */
export function createLongChecker(header: HistoryHeader, options: LongOptions = {}) {
  const { heldOperations = windowOperations, ...limits } = options
  const run = startRun(header, { ...limits, heldOperations })
  let found: LongVerdict | undefined
  return {
    add: (event: OperationEvent, index: number): LongVerdict | undefined => {
      if (event.type === 'invoke') run.operations++
      const arrival = run.arrivals.add(event, index)
      if (arrival !== undefined) found ??= receive(run, arrival)
      if (found === undefined && run.held.length >= run.nextCut) found = cut(run, heldOperations)
      return found
    },
    end: (): LongVerdict => {
      run.unknown.push(...run.arrivals.rest())
      return found ?? judgeUntil(run, Infinity) ?? conclude(run)
    },
  }
}

export interface LongOptions extends CheckLimits {
  /** How many operations a part has, before it is judged. */
  readonly heldOperations?: number
}

type RunOptions = CheckLimits & { readonly heldOperations: number }

interface Run {
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

function startRun(header: HistoryHeader, { heldOperations, ...limits }: RunOptions): Run {
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

function receive(run: Run, arrival: Arrival): LongVerdict | undefined {
  if (arrival.kind === 'unknown') run.unknown.push(arrival.operation)
  if (arrival.kind === 'unplaced') {
    return giveUp(run, `${arrival.what} (event ${arrival.index})`)
  }
  if (arrival.kind === 'outOfOrder') return judgeApart(run, arrival.operations, run.header)
  if (arrival.kind !== 'placed') return undefined
  const { operation } = arrival
  if (run.start >= 0 && operation.slot <= 2 * run.start + 1 && run.kept.length > 0) {
    return isStale(operation.invoke) ? judgeLateRead(run, operation) : lateAnswer(run, operation)
  }
  run.held.push(operation)
  return undefined
}

/** A read of a past that was judged before, with the store as it was then. */
function judgeLateRead(run: Run, read: PlacedOperation): LongVerdict | undefined {
  const revision = Math.floor(read.slot / 2)
  const states = run.kept.findLast(({ from }) => from <= revision)
  if (states === undefined) {
    return giveUp(run, `a read looks back to revision ${revision}, further than is kept`)
  }
  const initial = { revision, kvs: states.stateAt(revision) }
  const found = judgeApart(run, [read], { ...run.header, initial })
  return found.verdict.verdict === 'valid' ? undefined : found
}

function lateAnswer(run: Run, { slot }: PlacedOperation): LongVerdict {
  const revision = Math.floor(slot / 2)
  return giveUp(run, `an answer for revision ${revision} came when later ones had been judged`)
}

function judgeApart(
  run: Run,
  operations: readonly PlacedOperation[],
  header: HistoryHeader,
): LongVerdict {
  const window = buildWindow(header, operations, [])
  run.factsJudged += operations.length
  return { verdict: withCounts(run, checkEtcd(window.history, run.limits)), window }
}

/** Judges up to the last certain cut; without one it waits for more, up to a limit. */
function cut(run: Run, heldOperations: number): LongVerdict | undefined {
  run.held.sort((one, other) => one.slot - other.slot)
  const watermark = run.arrivals.watermark()
  const revision = findCertainCut(run.held, run.unknown, { start: run.start, watermark })
  if (revision === undefined && run.held.length >= patience * heldOperations) {
    const { slot = 0 } = run.held[Math.floor(run.held.length / 2)] ?? {}
    run.unknown.push(...run.arrivals.forget(slot))
  }
  if (revision === undefined && run.held.length >= mostOperations) {
    return giveUp(
      run,
      `no answers decide the store at one revision in ${run.held.length} operations`,
    )
  }
  const found = revision === undefined ? undefined : judgeUntil(run, revision)
  run.nextCut = run.held.length + heldOperations
  return found
}

function judgeUntil(run: Run, revision: number): LongVerdict | undefined {
  const last = 2 * revision + 1
  run.held.sort((one, other) => one.slot - other.slot)
  const placed = run.held.filter(({ slot }) => slot <= last)
  const inTime = run.unknown.filter(({ lowest }) => lowest < last)
  const header = { ...run.header, initial: run.initial }
  const window = buildWindow(header, placed, inTime)
  const decided = decideWindow(window, limitsLeft(run))
  if (decided.verdict.verdict !== 'valid')
    return failWindow(run, decided.verdict, { window, placed, inTime })
  run.factsJudged += placed.length
  run.held = run.held.filter(({ slot }) => slot > last)
  if (revision === Infinity) return undefined
  advance(run, revision, decided)
  return undefined
}

function advance(
  run: Run,
  revision: number,
  { used, states }: Pick<ReturnType<typeof decideWindow>, 'used' | 'states'>,
): void {
  run.used.push(...run.unknown.filter(({ invokeIndex }) => used.has(invokeIndex)))
  run.unknown = run.unknown.filter(({ invokeIndex }) => !used.has(invokeIndex))
  const kvs: KeyContents = states?.stateAt(revision) ?? {}
  run.initial = { revision, kvs }
  run.start = revision
  if (states !== undefined) run.kept = [...run.kept, states].slice(-windowsKept)
}

/**
 * A contradiction is one only when no unknown operation that explained a part before could have
 * explained this one instead.
 */
function failWindow(
  run: Run,
  verdict: Verdict,
  part: {
    readonly window: Window
    readonly placed: readonly PlacedOperation[]
    readonly inTime: readonly UnknownOperation[]
  },
): LongVerdict {
  const { window, placed, inTime } = part
  if (verdict.verdict !== 'invalid' || run.used.length === 0) {
    return { verdict: withCounts(run, verdict), window }
  }
  const all = buildWindow(window.history.header, placed, [...run.used, ...inTime])
  const again = decideWindow(all, limitsLeft(run))
  if (again.verdict.verdict === 'invalid')
    return { verdict: withCounts(run, again.verdict), window: all }
  return giveUp(run, 'two parts of the history may need the same operation of unknown outcome')
}

function limitsLeft({ limits, endMs }: Run): Share {
  const { timeoutMs = Infinity } = limits
  return { ...limits, timeoutMs: Math.max(0, endMs - performance.now()), ofMs: timeoutMs }
}

function conclude(run: Run): LongVerdict {
  const verdict = { checker: checkerName, verdict: 'valid' } as const
  return { verdict: withCounts(run, { ...verdict, factsJudged: 0 }), window: noWindow(run) }
}

function giveUp(run: Run, why: string): LongVerdict {
  const reason = `${why}: not judged in parts, and the history is too large to be judged whole`
  return { verdict: withCounts(run, unknownVerdict(checkerName, reason)), window: noWindow(run) }
}

const noWindow = ({ header }: Run): Window => ({ history: { header, events: [] }, places: [] })

function withCounts({ operations, factsJudged }: Run, verdict: Verdict): Verdict {
  return { ...verdict, operations, factsJudged: Math.max(factsJudged, verdict.factsJudged) }
}
