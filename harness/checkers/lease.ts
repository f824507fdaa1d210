import { faultWindows } from '../history/fault-windows.ts'
import { operations } from '../history/join.ts'
import type { LeaseLog } from '../history/lease-log.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { type Coverage, judgeRead, type LeaseViolation, leaseCodes } from './lease/judge-read.ts'
import { livesOf } from './lease/lifetimes.ts'
import { unexplainedStalls } from './lease/stalls.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'lease'

/**
 * Proves, of keys that were put under leases, by linearizable gets of them:
 * - kept: a key whose put was acknowledged is not missing when less than the lease's time has
 *   passed since the last acknowledged grant or renewal was SENT, unless a revoke was requested.
 * - expired: a key is gone when its lease's time and the slack have passed since the last thing that
 *   may have renewed it: a request, acknowledged or not, a new leader (which gives every lease its
 *   whole time again), the end of a fault.
 * - revoked: a key is gone once the revoke of its lease was acknowledged.
 *
 * Does not prove: that renewals mean anything that went through a member which was the target of a
 * fault at the time, or shortly before: one that is cut off, paused or stalled may still think that
 * it leads, and acknowledge what the next leader never receives (etcd grants an election timeout for
 * that, and checks the leadership from 3.4.31 and 3.5.13 on: issue 15247). Nor that keys stay
 * through the return of a leader that was stalled and replaced (`mayStaleLeaderRevoke`), which may
 * still revoke what it thinks expired: the verdict counts such losses. Nor that leases expire soon,
 * what `TimeToLive` answers, keys that move from one lease to another, what becomes of remaining
 * times with checkpoints, or leases of which no key was read in time.
 */
export const leaseChecker: Checker = { name, codes: leaseCodes, check: checkLeases }

function checkLeases({ history, leases: log }: CheckInput): Verdict {
  if (log === undefined) {
    return unknownVerdict(name, 'no lease was granted')
  }
  const leadersNs = log.entries.flatMap((entry) => (entry.type === 'leader' ? [entry.timeNs] : []))
  const injected = faultWindows(history.events)
  const faults = [...injected, ...unexplainedStalls(leadersNs, injected)]
  const lives = livesOf(log, faults)
  const puts = putsUnderLeases(history)
  const coverage: Coverage = { kept: 0, expired: 0, revoked: 0, lostToStalled: 0 }
  const violations = operations(history).flatMap((read) => {
    const put = puts.get(read.invoke.key ?? '')
    const life = lives.get(String(put?.invoke.lease))
    if (put === undefined || life === undefined || !isLinearizableGet(read)) return []
    return judgeRead(read, { put, life }, { log, faults, leadersNs }, coverage) ?? []
  })
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
  const { code, guarantee, read, expected, found } = first
  const { invokeIndex: culprit, invoke } = read
  return invalidVerdict(name, {
    code,
    codes: violations.map((violation) => violation.code),
    factsJudged: countFacts(coverage),
    reason: `${found}, expected ${expected}`,
    evidence: {
      partition: invoke.key ?? '',
      culprit,
      involved: [culprit],
      guarantee,
      expected,
      found,
      ...coverage,
    },
  })
}

const countFacts = ({ kept, expired, revoked }: Coverage) => kept + expired + revoked

/**
 * A guarantee that no read could have shown broken is not proved. Clients that wait for no expiry
 * prove what the scenario's time allows: anything at all, and the evidence says how much of what.
 */
function conclude(coverage: Coverage, { header }: LeaseLog): Verdict {
  const evidence = { ...coverage }
  const { kept, expired, revoked, lostToStalled } = coverage
  const counts = { operations: kept + expired + revoked, factsJudged: countFacts(coverage) }
  const isEnough = header.waitsForExpiry === false && counts.factsJudged > 0
  const wanted = isEnough ? [] : (['kept', 'expired'] as const)
  const missing = wanted.filter((guarantee) => coverage[guarantee] === 0)
  if (missing.length > 0) {
    const reason = `no read came when a lease had to be ${missing.join(', and none when one had to be ')}`
    return { ...unknownVerdict(name, reason, counts), evidence }
  }
  const losses = `${lostToStalled} reads missed a key that was kept alive, where a stalled member may have come back (etcd-io/etcd#15247)`
  const reason = lostToStalled > 0 && { reason: losses }
  return { checker: name, verdict: 'valid', ...reason, ...counts, evidence }
}
