import { joinRequests } from '../../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../../history/logs/lease.ts'
import type { LoggedEntry } from '../../history/logs/wal.ts'
import { nameOfAddressee } from '../../history/request.ts'
import type { LogViolation } from './violation.ts'

/** Acknowledged grants and revocations that none of the entries asks for. */
export function findLostLeases(
  leases: LeaseLog | undefined,
  entries: readonly LoggedEntry[],
): LogViolation[] {
  const logged = new Set(
    entries.flatMap(({ request }) => {
      if (request.kind === 'lease-grant') return [`grant ${request.lease}`]
      return request.kind === 'lease-revoke' ? [`revoke ${request.lease}`] : []
    }),
  )
  return joinRequests<LeaseInvocation, LeaseCompletion>(leases?.entries ?? []).flatMap(
    (operation) => {
      const { f, outcome, invoke, process } = operation
      const request = `${f} ${invoke.lease}`
      if (outcome !== 'ok' || f === 'keepalive' || logged.has(request)) return []
      const found = `${f} of lease ${invoke.lease} by process ${process} at ${nameOfAddressee(invoke)}`
      return [
        {
          code: 'acknowledged-write-lost',
          reason: `${found} was acknowledged, and no member's log has it`,
          expected: 'an entry in the log of every acknowledged request of a lease',
          found: `no entry for ${found}`,
        },
      ]
    },
  )
}
