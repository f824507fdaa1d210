import type { HistoryHeader, OperationEvent } from '../../../history/operations.ts'
import { checkEtcd } from '../check-etcd.ts'
import { type Arrival, isStale, type PlacedOperation } from './arrivals.ts'
import { findCertainCut } from './certain-cut.ts'
import { judgeUntil } from './judge-part.ts'
import {
  conclude,
  giveUp,
  type LongOptions,
  type LongRun,
  type LongVerdict,
  startRun,
  withCounts,
} from './run.ts'
import { buildWindow } from './window.ts'

/** Operations that are held until a cut is looked for, and the most that may be held. */
const windowOperations = 100_000
const mostOperations = 1_000_000
/** After so many times as many, what is still open is taken for unknown. */
const patience = 3
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

function receive(run: LongRun, arrival: Arrival): LongVerdict | undefined {
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
function judgeLateRead(run: LongRun, read: PlacedOperation): LongVerdict | undefined {
  const revision = Math.floor(read.slot / 2)
  const states = run.kept.findLast(({ from }) => from <= revision)
  if (states === undefined) {
    return giveUp(run, `a read looks back to revision ${revision}, further than is kept`)
  }
  const initial = { revision, kvs: states.stateAt(revision) }
  const found = judgeApart(run, [read], { ...run.header, initial })
  return found.verdict.verdict === 'valid' ? undefined : found
}

function lateAnswer(run: LongRun, { slot }: PlacedOperation): LongVerdict {
  const revision = Math.floor(slot / 2)
  return giveUp(run, `an answer for revision ${revision} came when later ones had been judged`)
}

function judgeApart(
  run: LongRun,
  operations: readonly PlacedOperation[],
  header: HistoryHeader,
): LongVerdict {
  const window = buildWindow(header, operations, [])
  run.factsJudged += operations.length
  return { verdict: withCounts(run, checkEtcd(window.history, run.limits)), window }
}

/** Judges up to the last certain cut; without one it waits for more, up to a limit. */
function cut(run: LongRun, heldOperations: number): LongVerdict | undefined {
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
