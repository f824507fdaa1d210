import { faultWindows } from '../history/fault-windows.ts'
import { joinRequests, operations } from '../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../history/logs/lease.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { judgeAnswer } from './lease/judge-answer.ts'
import { judgeRead } from './lease/judge-read.ts'
import { livesOf } from './lease/lifetimes.ts'
import { unexplainedStalls } from './lease/stalls.ts'
import { type Coverage, type LeaseViolation, leaseCodes, openCoverage } from './lease/violation.ts'
import { firstViolations } from './verdict/first-violations.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'lease'

/** More losses than this, and than a quarter of the leases that were kept, are not excused. */
const mostExcused = 8

/**
 * Proves, of keys that were put under leases, by linearizable gets of them:
 * - kept: a key whose put was acknowledged is not missing when less than the lease's time has
 *   passed since the last acknowledged grant or renewal was SENT, unless a revoke was requested.
 * - expired: a key is gone when its lease's time and the slack have passed since the last thing that
 *   may have renewed it: a request, acknowledged or not, a new leader (which gives every lease its
 *   whole time again), the end of a fault.
 * - revoked: a key is gone once the revoke of its lease was acknowledged.
 * And of the answers to grants and renewals: the granted time is the requested one or more, each
 * renewal answers the granted time, and only for a lease that may exist; one that must exist is found.
 *
 * Does not prove: that renewals mean anything that went through a member which was the target of a
 * fault at the time, or shortly before: one that is cut off, paused or stalled may still think that
 * it leads, and acknowledge what the next leader never receives (etcd grants an election timeout for
 * that, and checks the leadership from 3.4.31 and 3.5.13 on: issue 15247). Nor that keys stay
 * through the return of a leader that was stalled and replaced (`mayStaleLeaderRevoke`), which may
 * still revoke what it thinks expired: the verdict counts such losses, and is unknown above a bound
 * (`mostExcused`). Nor that leases expire soon,
 * what `TimeToLive` answers, keys that move from one lease to another, what becomes of remaining
 * times with checkpoints, or leases of which no key was read in time.
 */
export const leaseChecker: Checker = { name, codes: leaseCodes, check: checkLeases }

function checkLeases({ history, leases: log }: CheckInput): Verdict {
  if (log === undefined) return unknownVerdict(name, 'no lease was granted')
  const leaders = log.entries.flatMap((entry) =>
    entry.type === 'leader' ? [{ atNs: entry.timeNs, former: entry.former }] : [],
  )
  const injected = faultWindows(history.events)
  const faults = [...injected, ...unexplainedStalls(leaders, injected)]
  const context = { log, faults, leaders }
  const lives = livesOf(log, faults)
  const puts = putsUnderLeases(history)
  const coverage = openCoverage()
  const ofReads = operations(history).flatMap((read) => {
    const put = puts.get(read.invoke.key ?? '')
    const life = lives.get(String(put?.invoke.lease))
    if (put === undefined || life === undefined || !isLinearizableGet(read)) return []
    return judgeRead(read, { put, life }, context, coverage) ?? []
  })
  const requests = joinRequests<LeaseInvocation, LeaseCompletion>(log.entries)
  const ofAnswers = requests.flatMap((request) => {
    const life = lives.get(request.invoke.lease)
    return (life && judgeAnswer(request, life, context, coverage)) ?? []
  })
  const violations = [...ofReads, ...ofAnswers]
  const [first] = violations
  return first === undefined ? conclude(coverage, log) : verdictOf(first, violations, coverage)
}

/** The one put of each key that goes with a lease. */
function putsUnderLeases(history: History): Map<string, Operation> {
  const puts = operations(history).filter(
    ({ f, invoke }) => f === 'put' && invoke.lease !== undefined,
  )
  return new Map(puts.map((put) => [put.invoke.key ?? '', put]))
}

function isLinearizableGet({ f, outcome, invoke, completion }: Operation): boolean {
  return f === 'get' && outcome === 'ok' && !invoke.serializable && completion?.value !== undefined
}

function verdictOf(
  first: LeaseViolation,
  violations: readonly LeaseViolation[],
  coverage: Coverage,
): Verdict {
  const { code, guarantee, partition, culprit, expected, found } = first
  return invalidVerdict(name, {
    code,
    codes: violations.map((violation) => violation.code),
    factsJudged: countsOf(coverage).factsJudged,
    reason: `${found}, expected ${expected}`,
    evidence: {
      partition,
      ...(culprit !== undefined && { culprit, involved: [culprit] }),
      guarantee,
      expected,
      found,
      ...evidenceOf(coverage),
      ...firstViolations(violations),
    },
  })
}

function countsOf({ kept, expired, revoked, answers }: Coverage) {
  const operations = kept + expired + revoked
  return { operations, factsJudged: operations + answers }
}

const evidenceOf = ({ keptLeases: _, lostLeases: __, ...counts }: Coverage) => counts

/**
 * A guarantee that no read could have shown broken is not proved. Clients that wait for no expiry
 * prove what the scenario's time allows: anything at all, and the evidence says how much of what.
 */
function conclude(coverage: Coverage, { header }: LeaseLog): Verdict {
  const { lostToStalled } = coverage
  const evidence = evidenceOf(coverage)
  const counts = countsOf(coverage)
  const unknown = (reason: string) => ({ ...unknownVerdict(name, reason, counts), evidence })
  const missing = wantedOf(header, counts.operations).filter((one) => coverage[one] === 0)
  if (missing.length > 0) {
    return unknown(
      `no read came when a lease had to be ${missing.join(', and none when one had to be ')}`,
    )
  }
  const losses = `${lostToStalled} reads missed a key that was kept alive, where a stalled member may have come back (etcd-io/etcd#15247)`
  const [lost, kept] = [coverage.lostLeases.size, coverage.keptLeases.size]
  if (lost > Math.max(mostExcused, kept / 4)) {
    return unknown(`${losses}: ${lost} leases, too many beside the ${kept} that were kept`)
  }
  const reason = lostToStalled > 0 && { reason: losses }
  return { checker: name, verdict: 'valid', ...reason, ...counts, evidence }
}

/** Clients that wait for expiry revoke, too; logs of before say nothing of either. */
function wantedOf({ waitsForExpiry }: LeaseLog['header'], reads: number) {
  if (waitsForExpiry === false) return reads > 0 ? [] : (['kept'] as const)
  return waitsForExpiry ? (['kept', 'expired', 'revoked'] as const) : (['kept', 'expired'] as const)
}
