import { isJustifiedRefusal } from '../../checkers/refusals.ts'
import type { TimeSpan } from '../../core/spans.ts'
import type { Failure } from '../../run-record/evidence/observations.ts'
import type { Attempt } from '../measures/attempts.ts'
import { isUnserved } from '../measures/outages/unserved-spans.ts'
import type { ServedDrill } from '../measures/served-drill.ts'
import { isBusy, isStalled } from '../measures/stalls.ts'
import type { Timers } from '../measures/timers.ts'
import { formatUnserved } from './format-unserved.ts'
import { sliceNs, withoutHiccup } from './hiccups.ts'

/** Share of the requests that may stay unserved while no fault is in force, and at least one. */
const budgetShare = 0.01

/**
 * The error budget: while no fault is in force, and after the steady state was proved again, clients
 * are served. Beyond the budget the scenario is broken, or inconclusive where this machine's load
 * generator stalled for much of that time. One hiccup a slice does not count: requests that were due
 * within a tenth of a second and waited in vain, as in a stall that is so much longer than a request may
 * wait. A slice of two seconds has too few requests for one percent to be that share of time. A refusal
 * at once always counts. Each kind of request has a budget of its own, too, and so has what etcd refuses
 * for no want of a leader. A member's requests count
 * from the first one that it serves in the phase, or from one deadline after its begin: its client may
 * still connect. Those that were open when a fault began do not count, and neither do those to a member
 * that a fault removed, until it serves again.
 */
export function checkErrorBudget({
  attempts: ofKeys,
  leaseAttempts,
  phases,
  timers,
  stalls,
  windows,
}: Omit<ServedDrill, 'endsElsewhere'>): Failure[] {
  const attempts = [...ofKeys, ...leaseAttempts]
  const { before, after } = phases
  const removed = new Set(
    windows.filter(({ effect }) => effect === 'removes').flatMap(({ targets }) => targets),
  )
  const spans = [...(before === undefined ? [] : [before]), ...after]
  const slices = spans.flatMap((span) => {
    const judged = connectedAttempts(attempts, span, { ...timers, removed })
    return sliceCounts(judged, span, timers, stalls)
  })
  const exceeded = worstFirst(slices)
  const [worst] = exceeded
  const parts = [slices.flatMap(({ kinds }) => kinds), slices.map(({ refused }) => refused)]
  const part = parts.flatMap(worstFirst).find((each) => excessOf(each) > 0)
  if (part !== undefined && (worst === undefined || excessOf(worst) <= 0)) return [failureOf(part)]
  if (worst === undefined) return []
  const isProved = excessOf(worst) > 0
  return isProved || countJudged(exceeded) > mostUntold * countJudged(slices)
    ? [failureOf(worst)]
    : []
}

const worstFirst = <Counts extends Counted>(slices: readonly Counts[]): Counts[] =>
  slices
    .filter(({ unserved, allowed }) => unserved.length > allowed)
    .toSorted((one, other) => excessOf(other) - excessOf(one))

/** In a long drill a machine stalls now and then: so large a share of the requests may be in doubt. */
const mostUntold = 0.1

const countJudged = (slices: readonly Counted[]) =>
  slices.reduce((sum, { judged }) => sum + judged, 0)

interface Counted {
  /** What happens to them; default: they stay unserved. */
  readonly what?: string
  readonly fromNs: number
  readonly judged: number
  readonly allowed: number
  readonly unserved: readonly Attempt[]
  /** Those of them that etcd refused at once, or during which the machine did not stall. */
  readonly proved: readonly Attempt[]
}

interface Slice extends Counted {
  /** Of one kind alone. */
  readonly kinds: readonly Counted[]
  readonly refused: Counted
}

const excessOf = ({ proved, allowed }: Counted) => proved.length - allowed

function sliceCounts(
  judged: readonly Attempt[],
  span: TimeSpan,
  timers: Timers,
  stalls: readonly TimeSpan[],
): Slice[] {
  const lengthNs = judged.reduce((most, { dueNs }) => Math.max(most, dueNs - span.fromNs), 0)
  // What is left beyond whole slices belongs to the last one.
  const last = Math.max(0, Math.floor(lengthNs / sliceNs) - 1)
  const slices = Map.groupBy(judged, ({ dueNs }) =>
    Math.min(last, Math.floor((dueNs - span.fromNs) / sliceNs)),
  )
  return [...slices].map(([index, own]) => {
    const busy = isBusy(own, timers)
    const amidSuccesses = refusedAmidSuccesses(own, timers)
    const unanswered = own.filter(
      (attempt) => isUnserved(attempt, timers) && !isJustifiedRefusal(attempt.error),
    )
    const refused = unanswered.filter((attempt) => !hasWaited(attempt, timers))
    const waited = unanswered.filter((attempt) => hasWaited(attempt, timers))
    const unserved = [...refused, ...withoutHiccup(waited)]
    const proved = unserved.filter((attempt) => {
      if (isRefused(attempt, timers) || amidSuccesses.has(attempt)) return true
      return !(busy || isStalled(attempt, stalls))
    })
    const fromNs = span.fromNs + index * sliceNs
    const counted = { fromNs, unserved, proved }
    return {
      fromNs,
      kinds: countByKind(own, counted),
      refused: countRefused(own, counted, timers),
      judged: own.length,
      allowed: Math.max(1, Math.floor(budgetShare * own.length)),
      unserved,
      proved,
    }
  })
}

/** Beyond that share of a kind, and beyond two requests, those that are not served are too many. */
const kindShare = 0.05
const fewestUnserved = 2

/** By kind of request: those of a rare kind, such as deletes, would hide among the others. */
function countByKind(
  judged: readonly Attempt[],
  { fromNs, unserved, proved }: Pick<Counted, 'fromNs' | 'unserved' | 'proved'>,
): Counted[] {
  return [...Map.groupBy(unserved, ({ kind }) => kind)].map(([kind, own]) => {
    const isOfKind = (attempt: Attempt) => attempt.kind === kind
    const all = judged.filter(isOfKind).length
    const allowed = Math.max(fewestUnserved, Math.floor(kindShare * all))
    const what = `requests of the kind ${kind} to stay unserved`
    return { what, fromNs, judged: all, allowed, unserved: own, proved: proved.filter(isOfKind) }
  })
}

/** A client has to log in again after a member started, or after a change of users. */
const ofUsers = /invalid auth token|auth store is old/

/** Those that etcd refuses without a need for a leader: however many it serves, it has no reason. */
function countRefused(
  own: readonly Attempt[],
  { fromNs, proved }: Pick<Counted, 'fromNs' | 'proved'>,
  timers: Timers,
): Counted {
  const unserved = proved.filter((attempt) => {
    return isRefused(attempt, timers) && !ofUsers.test(attempt.error)
  })
  const what = 'requests to be refused by etcd at once'
  return { what, fromNs, judged: own.length, allowed: fewestUnserved, unserved, proved: unserved }
}

const hasWaited = ({ sentNs, endNs }: Attempt, { deadlineNs }: Timers) =>
  endNs - sentNs >= deadlineNs / 2

/** What etcd answers when it is late itself. */
const lateAnswers = /leader changed|no leader|server stopped/
/** What etcd answers once the deadline of the request, or its own of some seconds, has passed. */
const timedOut = /request timed out/

/** Whether etcd answered with a refusal: a busy machine is late, and refuses nothing. */
function isRefused({ error, sentNs, endNs }: Attempt, { deadlineNs }: Timers): boolean {
  if (!error.includes('etcdserver: ')) return false
  if (timedOut.test(error)) return endNs - sentNs < deadlineNs / 2
  return !lateAnswers.test(error)
}

/** So often in ten seconds no member changes between having a leader and having none. */
const mostChanges = 10

/**
 * Those that etcd refused at once for want of a leader within the same heartbeat in which it served
 * others at that member that need one, where that is so in many heartbeats of the member: an election,
 * which a busy machine may cause, refuses what comes in between two moments, and nothing beside
 * successes.
 */
function refusedAmidSuccesses(own: readonly Attempt[], timers: Timers): ReadonlySet<Attempt> {
  const { lateNs, deadlineNs } = timers
  const quick = own.filter(({ sentNs, endNs }) => endNs - sentNs < deadlineNs / 2)
  const members = [...Map.groupBy(quick, ({ member }) => member).values()]
  const mixed = members.flatMap((its) => {
    const beats = [...Map.groupBy(its, ({ sentNs }) => Math.floor(sentNs / lateNs)).values()]
    const refused = beats
      .filter((beat) => beat.some(neededLeader))
      .map((beat) => beat.filter(({ error }) => lateAnswers.test(error)))
      .filter(({ length }) => length > 0)
    return refused.length > mostChanges ? refused.flat() : []
  })
  return new Set(mixed)
}

/** Without a leader a member serves serializable reads alone. */
const neededLeader = ({ outcome, requestClass }: Attempt) =>
  outcome === 'ok' && requestClass !== 'serializable-read'

function connectedAttempts(
  attempts: readonly Attempt[],
  { fromNs, toNs }: TimeSpan,
  { deadlineNs, removed }: Pick<Timers, 'deadlineNs'> & { readonly removed: ReadonlySet<string> },
): Attempt[] {
  const own = attempts.filter(({ dueNs }) => fromNs <= dueNs && dueNs < toNs)
  const connectedNs = new Map<string, number>()
  for (const { member, outcome, endNs } of own) {
    const latestNs = removed.has(member) ? Number.POSITIVE_INFINITY : fromNs + deadlineNs
    const untilNs = connectedNs.get(member) ?? latestNs
    connectedNs.set(member, outcome === 'ok' ? Math.min(untilNs, endNs) : untilNs)
  }
  // A killed run leaves requests without any outcome.
  const hasEnded = (endNs: number) => endNs <= toNs && Number.isFinite(endNs)
  return own.filter(({ member, outcome, dueNs, endNs }) => {
    return outcome === 'ok' || (dueNs >= (connectedNs.get(member) ?? fromNs) && hasEnded(endNs))
  })
}

function failureOf(slice: Counted): Failure {
  const { what = 'requests to stay unserved', fromNs, judged, allowed, unserved, proved } = slice
  const bound = `at most ${allowed} of ${judged} ${what} while no fault is in force`
  if (proved.length > allowed) {
    const reason = `expected ${bound}, observed ${formatUnserved(proved)}`
    return { outcome: 'broken', expectation: 'served-without-fault', reason, timeNs: fromNs }
  }
  const stalled = `this machine was too busy to tell during ${unserved.length - proved.length} of them`
  const reason = `expected ${bound}, observed ${formatUnserved(unserved)}; ${stalled}`
  return { outcome: 'inconclusive', reason }
}
