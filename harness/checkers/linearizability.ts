import { InputError } from '../core/errors.ts'
import { formatSeconds } from '../core/format-seconds.ts'
import type { History } from '../history/operations.ts'
import type { Checker, CheckLimits, Verdict } from './checker.ts'
import { buildCounterexample } from './register/counterexample.ts'
import { advance, type Search, startSearch } from './register/just-in-time.ts'
import { casRegister } from './register/models/cas-register.ts'
import { kv } from './register/models/kv.ts'
import type { RegisterModel } from './register/models/model.ts'
import { partitionsOf } from './register/partitions.ts'
import { findUnwritten } from './register/unwritten.ts'
import { invalidVerdict, type ViolationReport } from './verdict/invalid.ts'

const name = 'linearizability'
const codes = ['unwritten-value', 'no-order'] as const
const gibibyte = 2 ** 30
const firstWidth = 64
const widening = 4

/** What is known to be a violation is searched this long, for what could be placed before it. */
const explainingMs = 2_000

/**
 * Proves, for the models `cas-register` and `kv`: for every key there is one order of the
 * operations, the unknown ones in it or not, that respects real time (the order of the events) and
 * in which every answer is right. Sound and complete: no shortcut changes a verdict. `unknown`
 * only when `timeoutMs` (default: none) or `memoryBytes` (default 1 GiB, estimated) is spent.
 * Does not prove: anything that no answer shows, as that an acknowledged write would still be read
 * after the history's last read; that times are right; that failed operations truly failed.
 *
 * Every register is first searched narrowly, the smallest first, then more and more widely, so
 * that a hard one does not hide an easy violation in another. docs/CHECKERS.md says how.
 * Throws an InputError for another model, an operation it lacks, or a value it cannot hold.
 */
export function checkLinearizable(history: History, limits: CheckLimits = {}): Verdict {
  const model = modelOf(history)
  const initial = model.initialOf(history.header.initial)
  const { partitions, count } = partitionsOf(history, model)
  const started = performance.now()
  const timeoutMs = limits.timeoutMs ?? Number.POSITIVE_INFINITY
  const unwritten = findUnwritten(partitions)
  const enoughMs = unwritten === undefined ? timeoutMs : Math.min(timeoutMs, explainingMs)
  const isLate = () => performance.now() - started > enoughMs
  const giveUp = (reason: string): Verdict =>
    unwritten === undefined
      ? { ...base, verdict: 'unknown', reason }
      : invalid({ code: 'unwritten-value', ...unwritten })
  const base = { checker: name, operations: count }
  const invalid = (violation: ViolationReport<(typeof codes)[number]>) =>
    invalidVerdict(name, { ...violation, operations: count })
  let searches = partitions.map(startSearch)
  const tooWide: Search[] = []
  for (let width = firstWidth; searches.length > 0; width *= widening) {
    const undecided: Search[] = []
    for (const search of searches) {
      if (width > widestFor(search, searches, limits)) {
        tooWide.push(search)
        continue
      }
      const outcome = advance(search, { width, isLate })
      if (outcome === 'late') {
        return giveUp(`gave up after ${formatSeconds(timeoutMs)} s at ${placeOf(search)}`)
      }
      if (outcome === 'invalid') {
        return invalid({ code: 'no-order', ...buildCounterexample(search, model, initial) })
      }
      if (outcome === 'cut') undecided.push(search)
    }
    searches = undecided
  }
  const [first] = tooWide
  if (first === undefined) return { ...base, verdict: 'valid' }
  const mebibytes = Math.round((limits.memoryBytes ?? gibibyte) / 2 ** 20)
  return giveUp(`gave up at ${placeOf(first)}: more would not fit in ${mebibytes} MiB of memory`)
}

/** `checkLinearizable` as one of a scenario's checkers. */
export const linearizabilityChecker: Checker = {
  name,
  codes,
  check: ({ history }, limits) => checkLinearizable(history, limits),
}

function modelOf({ header }: History): RegisterModel {
  if (header.model === 'cas-register') return casRegister
  if (header.model === 'kv') return kv
  throw new InputError(`Expected \`model\` to be cas-register or kv, got ${header.model}`)
}

/** How many configurations fit in memory, counting what the other searches hold. */
function widestFor(search: Search, all: readonly Search[], limits: CheckLimits): number {
  const held = all.reduce(
    (sum, other) => sum + (other.cut?.frontier.length ?? 0) * sizeOf(other),
    0,
  )
  const left = (limits.memoryBytes ?? gibibyte) - held
  return left / (sizeOf(search) * heldPerWidth)
}

/** Kept before and after an event, where it was cut, and what was tried and found on the way. */
const heldPerWidth = 20

/** Roughly the bytes of one configuration with its bits and its share of the trail. */
function sizeOf({ plan }: Search): number {
  return 240 + plan.words * 16
}

function placeOf({ partition, plan, at }: Search): string {
  const key = partition.key === undefined ? 'the register' : `key ${JSON.stringify(partition.key)}`
  return `${key}, ${at} of ${plan.steps.length} steps done`
}
