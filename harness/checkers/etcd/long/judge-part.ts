import type { Verdict } from '../../checker.ts'
import type { PlacedOperation, UnknownOperation } from './arrivals.ts'
import { giveUp, type LongRun, type LongVerdict, limitsLeft, withCounts } from './run.ts'
import { buildWindow, decideWindow, type KeyContents, type Window } from './window.ts'

/** Windows whose states are kept, for stale reads. */
const windowsKept = 3

/** Judges what is held up to that revision, and forgets it when it is valid. */
export function judgeUntil(run: LongRun, revision: number): LongVerdict | undefined {
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
  run: LongRun,
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
  run: LongRun,
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
