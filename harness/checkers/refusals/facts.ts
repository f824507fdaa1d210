import { parseLogLine } from '../../core/etcd/log-line.ts'
import { joinRequests } from '../../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../../history/logs/lease.ts'
import { type History, isOperation } from '../../history/operations.ts'
import { mayBeStale } from '../../history/stale.ts'
import type { CheckInput } from '../checker.ts'
import { bytesOf } from './request-size.ts'

/** What the evidence says about the reasons of refusals; undefined = it does not say. */
export interface RefusalFacts {
  /** Of the last compaction, at the end; 0 or less = none. */
  readonly compactRevision: number | undefined
  readonly requestBytes: number | undefined
  readonly txnOperations: number | undefined
  readonly quotaBytes: number | undefined
  /** All that clients asked to write, at most; undefined where others wrote or an alarm was logged. */
  readonly writtenBytes: number | undefined
  /** The highest revision answered before that event: by that member, or linearizably by any. */
  revisionBefore(eventIndex: number, member: string | undefined): number
  /** Granted before `fromNs`, surely not expired by `toNs`, and no client asked to revoke it. */
  isLeaseAlive(lease: string, fromNs: number, toNs: number): boolean
}

/** etcd's own values, of `embed.Config` and `server/storage/quota.go`. */
const defaults = {
  'max-request-bytes': 1.5 * 2 ** 20,
  'max-txn-ops': 128,
  'quota-backend-bytes': 2 * 2 ** 30,
} as const

/** What a key and its index take in the database beside their texts, generously. */
const bytesBeside = 1_024

export function collectRefusalFacts(input: CheckInput): RefusalFacts {
  const { history, final, options, leases } = input
  const limit = (name: keyof typeof defaults) => options && Number(options[name] ?? defaults[name])
  const compactions = final?.members.flatMap(({ compactRevision }) => compactRevision ?? [])
  const quota = limit('quota-backend-bytes')
  return {
    compactRevision: compactions?.length ? Math.max(...compactions) : undefined,
    requestBytes: limit('max-request-bytes'),
    txnOperations: limit('max-txn-ops'),
    // 0 stands for the default, and below 0 there is no quota.
    quotaBytes:
      quota === 0 ? defaults['quota-backend-bytes'] : quota && quota < 0 ? Infinity : quota,
    writtenBytes: writtenBytes(input),
    revisionBefore: revisionsOf(history),
    isLeaseAlive: leases === undefined ? () => false : leasesOf(leases),
  }
}

function writtenBytes({ history, logs = {} }: CheckInput): number | undefined {
  if (history.header.foreignWrites === true) return undefined
  const hasAlarm = Object.values(logs).some((lines) =>
    lines.some((raw) => raw.includes('alarm') && /alarm.*raised/i.test(parseLogLine(raw).message)),
  )
  if (hasAlarm) return undefined
  return history.events
    .filter((event) => isOperation(event) && event.type === 'invoke')
    .reduce((sum, event) => sum + bytesOf(event as never) + bytesBeside, 0)
}

function revisionsOf({ events }: Pick<History, 'events'>): RefusalFacts['revisionBefore'] {
  return (eventIndex, member) => {
    const open = new Map<number, boolean>()
    let highest = 0
    for (const event of events.slice(0, eventIndex)) {
      if (!isOperation(event)) continue
      if (event.type === 'invoke') {
        const counts = member === undefined ? !mayBeStale(event) : event.member === member
        open.set(event.process, counts)
      } else if (event.type === 'ok' && open.get(event.process) === true) {
        highest = Math.max(highest, event.revision ?? 0)
      }
    }
    return highest
  }
}

function leasesOf({ entries }: LeaseLog): RefusalFacts['isLeaseAlive'] {
  const requests = joinRequests<LeaseInvocation, LeaseCompletion>(entries)
  const byLease = Map.groupBy(requests, ({ invoke }) => invoke.lease)
  return (lease, fromNs, toNs) => {
    const own = byLease.get(lease) ?? []
    if (own.some(({ f, invoke }) => f === 'revoke' && invoke.timeNs <= toNs)) return false
    return own.some(({ f, outcome, invoke, completion }) => {
      if (f !== 'grant' || outcome !== 'ok' || completion === undefined) return false
      const expiresNs = invoke.timeNs + (completion.ttlS ?? 0) * 1e9
      return completion.timeNs <= fromNs && toNs < expiresNs
    })
  }
}
