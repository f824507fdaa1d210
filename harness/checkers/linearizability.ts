import { InputError } from '../core/errors.ts'
import { formatSeconds } from '../core/text/format-seconds.ts'
import type { History } from '../history/operations.ts'
import type { Checker, CheckLimits, Verdict } from './checker.ts'
import { buildCounterexample } from './register/counterexample.ts'
import { advance, type Search, startSearch } from './register/just-in-time.ts'
import { casRegister } from './register/models/cas-register.ts'
import { kv } from './register/models/kv.ts'
import type { RegisterModel } from './register/models/model.ts'
import type { Partition } from './register/models/task.ts'
import { partitionsOf } from './register/partitions.ts'
import { findUnwritten } from './register/unwritten.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'linearizability'
const codes = ['unwritten-value', 'no-order'] as const

type Code = (typeof codes)[number]

const gibibyte = 2 ** 30
const firstWidth = 64
const widening = 4

/** A violation that is known is searched this long, for the longest order before it. */
const explainingMs = 2_000

/**
 * Proves, for the models `cas-register` and `kv`: for every key there is one order of the
 * operations, the unknown ones in it or not, that respects real time (the order of the events) and
 * in which every answer is right. Sound and complete: no shortcut changes a verdict. `unknown`
 * only when `timeoutMs` (default: none) or `memoryBytes` (default 1 GiB, estimated) is spent.
 * Does not prove: anything that no answer shows, such as that an acknowledged write would still be
 * read after the history's last read; that times are right; that failed operations truly failed.
 *
 * Every register is first searched narrowly, the smallest first, then more and more widely, so
 * that a hard one does not hide an easy violation in another. docs/CHECKERS.md says how.
 * Throws an InputError for another model, an operation it lacks, or a value it cannot hold.
 */
export function checkLinearizable(history: History, limits: CheckLimits = {}): Verdict {
  const model = modelOf(history)
  const initial = model.initialOf(history.header.initial)
  const { partitions, count: operations } = partitionsOf(history, model)
  const counts = { operations, factsJudged: countAnswers(partitions) }
  const unwritten = findUnwritten(partitions)
  const timeoutMs = limits.timeoutMs ?? Number.POSITIVE_INFINITY
  const searchMs = unwritten === undefined ? timeoutMs : Math.min(timeoutMs, explainingMs)
  const ended = searchAll(partitions.map(startSearch), { ...limits, timeoutMs: searchMs })
  if (ended.outcome === 'invalid') {
    const counterexample = buildCounterexample(ended.search, model, initial)
    return invalidVerdict<Code>(name, { code: 'no-order', ...counterexample, ...counts })
  }
  if (ended.outcome === 'valid') return { checker: name, verdict: 'valid', ...counts }
  if (unwritten !== undefined) {
    return invalidVerdict<Code>(name, { code: 'unwritten-value', ...unwritten, ...counts })
  }
  const place = placeOf(ended.search)
  const mebibytes = Math.round((limits.memoryBytes ?? gibibyte) / 2 ** 20)
  const reason =
    ended.outcome === 'late'
      ? `gave up after ${formatSeconds(timeoutMs)} s at ${place}`
      : `gave up at ${place}: more would not fit in ${mebibytes} MiB of memory`
  return unknownVerdict(name, reason, counts)
}

function countAnswers(partitions: readonly Partition[]): number {
  const isAnswer = ({ returns }: Partition['tasks'][number]) => returns !== Infinity
  return partitions.reduce((sum, { tasks }) => sum + tasks.filter(isAnswer).length, 0)
}

type Ended =
  | { readonly outcome: 'valid' }
  /** The search that found no order, ran out of time, or would not fit in memory. */
  | { readonly outcome: 'invalid' | 'late' | 'too-wide'; readonly search: Search }

/** Every search at one width, then the undecided ones at the next, until all are decided. */
function searchAll(
  started: readonly Search[],
  limits: CheckLimits & { readonly timeoutMs: number },
): Ended {
  const startedMs = performance.now()
  const isLate = () => performance.now() - startedMs > limits.timeoutMs
  const tooWide: Search[] = []
  let searches = started
  for (let width = firstWidth; searches.length > 0; width *= widening) {
    const undecided: Search[] = []
    for (const search of searches) {
      if (width > widestFor(search, searches, limits)) {
        tooWide.push(search)
        continue
      }
      const outcome = advance(search, { width, isLate })
      if (outcome === 'late' || outcome === 'invalid') return { outcome, search }
      if (outcome === 'cut') undecided.push(search)
    }
    searches = undecided
  }
  const [first] = tooWide
  return first === undefined ? { outcome: 'valid' } : { outcome: 'too-wide', search: first }
}

/** `checkLinearizable` as one of a scenario's checkers. */
export const linearizabilityChecker: Checker = {
  name,
  codes,
  check: ({ history }, limits) =>
    requireFacts(checkLinearizable(history, limits), 'no operation was acknowledged'),
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

/** Configurations held for one of the width: before and after an event, at a cut, tried and found. */
const heldPerWidth = 20

/** Roughly the bytes of one configuration with its bits and its share of the trail. */
function sizeOf({ plan }: Search): number {
  return 240 + plan.words * 16
}

function placeOf({ partition, plan, at }: Search): string {
  const key = partition.key === undefined ? 'the register' : `key ${JSON.stringify(partition.key)}`
  return `${key}, ${at} of ${plan.steps.length} steps done`
}
