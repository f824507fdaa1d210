import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster, Member, MemberStatus } from '../../cluster/types.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'

const intervalMs = 100
const timeoutMs = 400

/**
 * Asks every member in turn for its leader and term, and marks each change. The terms are exact; the
 * times are some hundred milliseconds late. Disposing notes the elections, whatever the drill threw.
 */
export function observeLeader(cluster: Cluster, evidence: ScenarioEvidence): AsyncDisposable {
  const stopping = new AbortController()
  const terms = { first: 0, last: 0 }
  let leaderId: string | null = null
  const note = (
    member: Member,
    status: MemberStatus,
    nameOf: (id: string) => string | undefined,
  ) => {
    terms.first ||= status.term
    if (status.term < terms.last || status.leaderId === null) return
    if (status.term === terms.last && status.leaderId === leaderId) return
    // The first leader seen followed no other: it renewed no lease and was never stalled.
    if (terms.last > 0 && status.term > terms.last) {
      const isNext = status.term === terms.last + 1
      const former = isNext && leaderId !== null ? nameOf(leaderId) : undefined
      const led = former !== undefined && { former }
      evidence.leases?.note({ type: 'leader', term: status.term, ...led })
    }
    terms.last = status.term
    leaderId = status.leaderId
    const name = nameOf(status.leaderId)
    evidence.marks.push({
      timeNs: evidence.clock.nowNs(),
      kind: 'leader',
      ...(name !== undefined && { member: name }),
      text: `${name ?? status.leaderId} leads term ${status.term}, as ${member.name} reports`,
    })
  }
  const observing = observe({ cluster, signal: stopping.signal, note })
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await observing
      evidence.elections = terms.first === 0 ? null : terms.last - terms.first
    },
  }
}

async function observe(options: {
  readonly cluster: Cluster
  readonly signal: AbortSignal
  readonly note: (
    member: Member,
    status: MemberStatus,
    nameOf: (id: string) => string | undefined,
  ) => void
}): Promise<void> {
  const { cluster, signal, note } = options
  const names = new Map<string, string>()
  while (!signal.aborted) {
    const round: { member: Member; status: MemberStatus }[] = []
    for (const member of cluster.members) {
      // A member that is down or cut off does not answer: the fault is there for that.
      const status = await member.status(timeoutMs).catch(() => undefined)
      if (signal.aborted) return
      if (status === undefined) continue
      names.set(status.memberId, member.name)
      round.push({ member, status })
    }
    for (const { member, status } of round) note(member, status, (id) => names.get(id))
    await delay(intervalMs, undefined, { signal }).catch(() => {})
  }
}
