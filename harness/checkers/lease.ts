import { operations } from '../history/join.ts'
import type { LeaseLog } from '../history/lease-log.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import {
  faultWindows,
  type LeadersAndFaults,
  mayStaleLeaderRevoke,
  unexplainedStalls,
} from './lease/fault-windows.ts'
import { type LeaseLife, livesOf, nsPerS } from './lease/lifetimes.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'lease'
const codes = ['lost-while-kept-alive', 'alive-after-expiry', 'alive-after-revoke'] as const

/**
 * Proves, of keys that were put under leases, by linearizable gets of them:
 * - kept: a key whose put was acknowledged is not missing when less than the lease's time has
 *   passed since the last acknowledged grant or renewal was SENT, unless revoking was asked for.
 * - expired: a key is gone when its lease's time and the slack have passed since whatever may last
 *   have renewed it: a request, acknowledged or not, a new leader (which gives every lease its whole
 *   time again), the end of a fault.
 * - revoked: a key is gone once revoking its lease was acknowledged.
 *
 * Does not prove: that renewals mean anything that went through a member which was the target of a
 * fault at the time, or a little before: one that is cut off, paused or stalled may still think
 * that it leads, and acknowledge what the next leader never hears of (etcd grants an election
 * timeout for that, and checks the leadership from 3.4.31 and 3.5.13 on: issue 15247). Nor that
 * keys stay through the return of a leader that was stalled and replaced (`mayStalledReturn`), which
 * may still revoke what it thinks expired: such losses are counted and told. Nor that
 * leases expire soon, what `TimeToLive` says, keys that pass from one lease to another, what becomes
 * of remaining times with checkpoints, or leases of which nobody read a key in time.
 */
export const leaseChecker: Checker = { name, codes, check: checkLeases }

interface Break {
  readonly guarantee: 'kept' | 'expired' | 'revoked'
  readonly key: string
  readonly read: Operation
  readonly expected: string
  readonly found: string
}

interface Setting extends LeadersAndFaults {
  readonly log: LeaseLog
}

/** How many reads were such that a lie would have shown. */
interface Tested {
  kept: number
  expired: number
  revoked: number
  /** Keys that went too early, where a stalled member may have come back. */
  lostToStalled: number
}

function checkLeases({ history, leases: log }: CheckInput): Verdict {
  if (log === undefined)
    return { checker: name, verdict: 'unknown', reason: 'no lease was granted' }
  const leadersNs = log.entries.flatMap((entry) => (entry.type === 'leader' ? [entry.timeNs] : []))
  const injected = faultWindows(history)
  const faults = [...injected, ...unexplainedStalls(leadersNs, injected)]
  const setting = { log, faults, leadersNs }
  const lives = livesOf(log, faults)
  const puts = putsUnderLeases(history)
  const tested: Tested = { kept: 0, expired: 0, revoked: 0, lostToStalled: 0 }
  for (const read of operations(history)) {
    const put = puts.get(read.invoke.key ?? '')
    const life = lives.get(String(put?.invoke.lease))
    if (put === undefined || life === undefined || !isLinearizableGet(read)) continue
    const broken = judgeRead(read, { put, life }, setting, tested)
    if (broken !== undefined) return violationVerdict(broken, tested)
  }
  return conclude(tested)
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

function judgeRead(
  read: Operation,
  { put, life }: { readonly put: Operation; readonly life: LeaseLife },
  setting: Setting,
  tested: Tested,
): Break | undefined {
  const { invoke, completion, invokeIndex } = read
  const key = invoke.key ?? ''
  const isThere = completion?.value !== null
  const askedNs = invoke.timeNs
  const toldNs = completion?.timeNs ?? 0
  const seconds = (ns: number) => `${(ns / nsPerS).toFixed(2)} s`
  const found = `${key} was ${isThere ? 'there' : 'missing'} at ${seconds(toldNs)}`

  const wasPut = put.outcome === 'ok' && put.completeIndex < invokeIndex
  const { sentNs: fromNs, untilNs } = life.kept(toldNs)
  if (wasPut && !(life.revokeAskedNs < toldNs) && toldNs < untilNs) {
    const isSure = !mayStaleLeaderRevoke(setting, { fromNs, toNs: toldNs })
    const expected = `lease ${life.lease} kept until ${seconds(untilNs)}`
    if (isSure) tested.kept++
    if (isSure && !isThere) return { guarantee: 'kept', key, read, expected, found }
    if (!isThere) tested.lostToStalled++
  }
  if (life.revokedNs < askedNs) {
    tested.revoked++
    const expected = `lease ${life.lease} gone since it was revoked at ${seconds(life.revokedNs)}`
    if (isThere) return { guarantee: 'revoked', key, read, expected, found }
  }
  const goneNs = goneBy(life, askedNs, setting)
  if (goneNs < askedNs) {
    if (wasPut) tested.expired++
    const expected = `lease ${life.lease} expired by ${seconds(goneNs)}`
    if (isThere) return { guarantee: 'expired', key, read, expected, found }
  }
  return undefined
}

/** When the lease must be gone, as of this moment; Infinity while a fault is in force. */
function goneBy(life: LeaseLife, atNs: number, { log, faults, leadersNs }: Setting): number {
  if (faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs)) return Infinity
  const before = [...leadersNs, ...faults.map(({ endNs }) => endNs)].filter((ns) => ns <= atNs)
  const renewedNs = Math.max(life.renewedByNs(atNs), ...before)
  return renewedNs + life.ttlS * nsPerS + log.header.slackMs * 1e6
}

const codeOf: Readonly<Record<Break['guarantee'], (typeof codes)[number]>> = {
  kept: 'lost-while-kept-alive',
  expired: 'alive-after-expiry',
  revoked: 'alive-after-revoke',
}

function violationVerdict(
  { guarantee, key, read, expected, found }: Break,
  tested: Tested,
): Verdict {
  const { invokeIndex: culprit } = read
  return invalidVerdict(name, {
    code: codeOf[guarantee],
    reason: `${found}, expected ${expected}`,
    evidence: {
      partition: key,
      culprit,
      involved: [culprit],
      guarantee,
      expected,
      found,
      ...tested,
    },
  })
}

/** What no read could have shown is not called proved. */
function conclude(tested: Tested): Verdict {
  const evidence = { ...tested }
  const operations = tested.kept + tested.expired + tested.revoked
  const missing = (['kept', 'expired'] as const).filter((what) => tested[what] === 0)
  const told = `${tested.lostToStalled} reads missed a key that was kept alive, where a stalled member may have come back (etcd-io/etcd#15247)`
  const known = tested.lostToStalled > 0 && { reason: told }
  if (missing.length === 0) {
    return { checker: name, verdict: 'valid', ...known, operations, evidence }
  }
  const reason = `no read came when a lease had to be ${missing.join(', and none when one had to be ')}`
  return { checker: name, verdict: 'unknown', reason, operations, evidence }
}
