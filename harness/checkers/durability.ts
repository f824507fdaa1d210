import type { OperationEvent } from '../history/operations.ts'
import type { Checker, CheckInput, CheckLimits, FinalState, Verdict } from './checker.ts'
import { checkOperations, checkWithFinalState } from './etcd/check-once.ts'
import { compile } from './etcd/compile/history.ts'
import { groupByState } from './etcd/final-reads.ts'
import { withoutOperations } from './etcd/without-operations.ts'
import { absentMembers } from './keys/absent-members.ts'
import { describeLosses } from './keys/describe-losses.ts'
import { findImpossibleState } from './keys/impossible-states.ts'
import { findLosses, findLostRevision, type WrongState } from './keys/losses.ts'
import { writesByKey } from './keys/writes-by-key.ts'
import { firstViolations } from './verdict/first-violations.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'durability'
const codes = [
  'acknowledged-write-lost',
  'unwritten-value',
  'revision-lost',
  'impossible-state',
] as const

/**
 * Proves: what every member held at the end, all keys with their mod revisions, is what one order
 * of the operations leaves at its revision, and no answer had a newer revision. So no acknowledged
 * write is gone, and nothing is there that no recorded operation wrote.
 * Does not prove: that a write which a later one overwrote was ever there, or that reads were right
 * (`etcd-linearizability`): where they were not, the order is one of the writes, and where these have
 * none, only what each key's own writes say is judged. Keys that no request names may hold anything
 * where the header says `foreignWrites`.
 *
 * `acknowledgedLost` counts the acknowledged writes that are newer than what some member holds.
 */
export const durabilityChecker: Checker = { name, codes, check: checkDurability }

function checkDurability(input: CheckInput, limits?: CheckLimits): Verdict {
  const { history, final } = input
  if (final === undefined || final.members.length === 0) {
    return unknownVerdict(name, 'no member was read at the end')
  }
  const all = checkOperations(input, limits)
  const basis = all.verdict === 'invalid' ? writesAlone(input) : input
  const whole = checkWithFinalState(basis, limits)
  const counts = countsOf(all, final)
  if (whole.verdict !== 'valid') {
    const wrong = findWrongStates(basis, limits)
    if (wrong.length > 0) return violationVerdict(basis, wrong, counts)
    return unknownVerdict(name, whyUndecided(basis, limits), counts)
  }
  const unread = absentMembers(
    history,
    final.members.map(({ member }) => member),
  )
  if (unread.length > 0) {
    const reason = `${unread.join(', ')} received requests and was not read at the end`
    return unknownVerdict(name, reason, counts)
  }
  return requireFacts(
    { checker: name, verdict: 'valid', ...counts, evidence: { acknowledgedLost: 0 } },
    'no operation was acknowledged and no member holds a key',
  )
}

type JudgedCounts = Pick<Verdict, 'operations' | 'factsJudged'>

/** Each key that a member holds is judged, and its revision when there is an answer to compare with. */
function countsOf({ operations, factsJudged: answers }: Verdict, final: FinalState): JudgedCounts {
  const held = final.members.reduce((sum, { keys }) => sum + Object.keys(keys).length, 0)
  const factsJudged = held + (answers > 0 ? final.members.length : 0)
  return { factsJudged, ...(operations !== undefined && { operations }) }
}

/** Where answers of reads are wrong, the writes may still say what was to be there at the end. */
function writesAlone(input: CheckInput): CheckInput {
  const isRead = ({ f }: OperationEvent) => f === 'get' || f === 'range'
  return { ...input, history: withoutOperations(input.history, isRead) }
}

/** What is wrong with each state; the solver judges those that their keys' own writes allow. */
function findWrongStates(input: CheckInput, limits?: CheckLimits): WrongState[] {
  const compiled = compile(input.history)
  const writes = writesByKey(compiled)
  const groups = groupByState(input.final)
  const plain = groups.map((group) =>
    group.flatMap((state) => [
      ...findLosses(compiled, writes, state),
      ...findLostRevision(compiled, state),
    ]),
  )
  if (checkOperations(input, limits).verdict !== 'valid') return plain.flat()
  const wrong = groups.flatMap((group, at) => {
    const found = plain[at] ?? []
    return found.length > 0 ? found : findImpossibleState(compiled, writes, group, limits)
  })
  const isDecided = checkWithFinalState(input, limits).verdict === 'invalid'
  return wrong.length === 0 && isDecided && groups.length > 1 ? [contradictingStates(input)] : wrong
}

/** Each state is possible, and not with the others. */
function contradictingStates({ final }: CheckInput): WrongState {
  const members = (final?.members ?? []).map(({ member }) => member)
  const reason = `${members.join(', ')} ended with states of which no order of the recorded operations leaves all`
  return { code: 'impossible-state', members, partition: 'store', reason, lost: [] }
}

function whyUndecided(input: CheckInput, limits: CheckLimits | undefined): string {
  const { verdict, reason } = checkOperations(input, limits)
  if (verdict === 'invalid') return 'the writes are not linearizable: no order to compare with'
  return (verdict === 'unknown' ? reason : checkWithFinalState(input, limits).reason) ?? 'undecided'
}

function violationVerdict(
  { history }: CheckInput,
  wrong: readonly WrongState[],
  counts: JudgedCounts,
): Verdict {
  const lost = new Set(wrong.flatMap((each) => each.lost))
  const acknowledgedLost = lost.size + countLostInitial(wrong)
  const worst = wrong.find((each) => each.lost.length > 0) ?? wrong[0]
  if (worst === undefined) throw new RangeError('Expected a wrong state, got none')
  const culprit = worst.lost.at(-1)?.source.invokeIndex
  const { violations: shown, violationsFound } = firstViolations([
    worst,
    ...wrong.filter((each) => each !== worst),
  ])
  const keys = wrong.map(({ partition }) => partition).filter((each) => each !== 'store')
  return invalidVerdict(name, {
    code: worst.code,
    codes: wrong.map(({ code }) => code),
    reason: worst.reason,
    ...counts,
    evidence: {
      partition: worst.partition,
      ...(culprit !== undefined && { culprit }),
      involved: [...lost].slice(-200).map(({ source }) => source.invokeIndex),
      acknowledgedLost,
      keysWrong: new Set(keys).size,
      membersWrong: [...new Set(wrong.flatMap(({ members }) => members))],
      expected: 'every acknowledged write, or a later one, on every member',
      found:
        acknowledgedLost > 0
          ? `${acknowledgedLost} acknowledged writes are lost`
          : 'a state that no order of the recorded operations leaves',
      violations: describeLosses(history, shown),
      violationsFound,
    },
  })
}

/** Keys whose loss is that of a write from before the history. */
function countLostInitial(wrong: readonly WrongState[]): number {
  const keys = wrong.flatMap(({ code, lost, partition }) =>
    code === 'acknowledged-write-lost' && lost.length === 0 ? [partition] : [],
  )
  return new Set(keys).size
}
