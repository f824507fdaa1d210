import type { FinalState, MemberFinalState } from '../../checkers/checker.ts'
import { type KeyValue, range } from '../../client/kv.ts'
import { hashKV, status } from '../../client/maintenance.ts'
import type { MemberClient } from '../../client/member-client.ts'
import type { Cluster } from '../../cluster/types.ts'
import { done, notYet } from '../../core/poll.ts'
import type { Workload } from '../load/background-workload.ts'
import { untilKept } from './timed-promise.ts'

const readTimeoutMs = 10_000
const pageKeys = 1_000

/**
 * Every member's own store at one revision, once all members have applied it. The reads are
 * serializable: linearizable ones would show the leader's state for each member. What a lease's end
 * or a late write changes meanwhile is in none of them.
 * Throws a GuaranteeBrokenError when the members do not reach the same revision.
 */
export async function collectFinalState(
  cluster: Cluster,
  workload: Workload,
  { timeScale, convergeMs }: { readonly timeScale: number; readonly convergeMs: number },
): Promise<FinalState> {
  const clients = cluster.members.map(workload.clientOf)
  const timeoutMs = readTimeoutMs * timeScale
  const revision = await untilSameRevision(clients, { timeoutMs, convergeMs })
  return {
    members: await Promise.all(
      clients.map((client) => readMember(client, { revision, timeoutMs })),
    ),
  }
}

async function untilSameRevision(
  clients: readonly MemberClient[],
  { timeoutMs, convergeMs }: { readonly timeoutMs: number; readonly convergeMs: number },
): Promise<number> {
  return untilKept(
    { id: 'members-converge', sentence: 'every member to reach the same revision' },
    async () => {
      const revisions = await Promise.all(
        clients.map(async (client) => (await status(client, { timeoutMs })).revision),
      )
      const [first = 0] = revisions
      return revisions.every((one) => one === first)
        ? done(first)
        : notYet(`revisions ${revisions.join(', ')}`)
    },
    { deadlineMs: convergeMs },
  )
}

async function readMember(
  client: MemberClient,
  { revision, timeoutMs }: { readonly revision: number; readonly timeoutMs: number },
): Promise<MemberFinalState> {
  const kvs = await readAll(client, { revision, timeoutMs })
  const { hash, compactRevision } = await hashKV(client, revision, { timeoutMs })
  return {
    member: client.member,
    revision,
    keys: Object.fromEntries(
      kvs.map(({ key, value, modRevision, createRevision, version, lease }) => {
        return [key, { value, modRevision, createRevision, version, lease }] as const
      }),
    ),
    hash,
    hashRevision: revision,
    compactRevision,
  }
}

async function readAll(
  client: MemberClient,
  { revision, timeoutMs }: { readonly revision: number; readonly timeoutMs: number },
): Promise<KeyValue[]> {
  const kvs: KeyValue[] = []
  const options = { end: '\0', serializable: true, atRevision: revision, limit: pageKeys }
  for (let from = '\0'; ; ) {
    const request = { key: from, ...options }
    const page = await range(client, request, { timeoutMs })
    kvs.push(...page.kvs)
    const last = page.kvs.at(-1)
    if (!page.more || last === undefined) return kvs
    from = `${last.key}\0`
  }
}
