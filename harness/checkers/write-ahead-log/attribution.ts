import { operations } from '../../history/join.ts'
import type { LoggedEntry, LoggedMember } from '../../history/logs/wal.ts'
import type { History, Operation, Outcome } from '../../history/operations.ts'
import { loggedFormOf, signatureOf } from './logged-form.ts'
import type { AppliedEntry } from './replay.ts'

/** A client's request that the log holds when etcd accepts it. */
export interface ClientWrite {
  readonly operation: Operation
  /** What its client received: `info` also where watchers or logs settled the outcome. */
  readonly outcome: Outcome
  readonly signature: string
}

/** Requests that are equal, and the entries that they can have made. */
export interface WriteGroup {
  /** In the order of invocation. */
  readonly writes: readonly ClientWrite[]
  /** Committed, in the order of the log. */
  readonly applied: readonly AppliedEntry[]
  /** Of which no log shows whether they were committed. */
  readonly open: readonly LoggedEntry[]
}

interface LogContent {
  readonly applied: readonly AppliedEntry[]
  readonly open: readonly LoggedEntry[]
  readonly members: readonly LoggedMember[]
}

/**
 * Groups the clients' writes with the entries that ask for the same. Values of workloads are unique,
 * so most groups have one write. Equal deletes and transactions are of one group for each member,
 * where every entry tells which member proposed it.
 */
export function groupWrites(history: History, logs: LogContent): WriteGroup[] {
  const applied = Map.groupBy(logs.applied, ({ entry }) => signatureOf(entry.request))
  const open = Map.groupBy(logs.open, ({ request }) => signatureOf(request))
  const proposerOf = proposers(logs.members)
  const names = new Set(logs.members.map(({ member }) => member))
  return [...Map.groupBy(writesOf(history), ({ signature }) => signature)].flatMap(
    ([signature, writes]) => {
      const group = {
        writes,
        applied: applied.get(signature) ?? [],
        open: open.get(signature) ?? [],
      }
      // One that went on under another name, or is gone, has no log of its name: its entries have another.
      const haveLogs = writes.every(({ operation }) => names.has(operation.invoke.member ?? ''))
      return writes.length === 1 || !haveLogs ? [group] : splitByMember(group, proposerOf)
    },
  )
}

function writesOf(history: History): ClientWrite[] {
  return operations(history).flatMap((operation) => {
    const { invoke, completion, outcome } = operation
    const request = invoke.expiryOf === undefined ? loggedFormOf(invoke) : undefined
    if (request === undefined) return []
    const received = completion?.settled === true ? 'info' : outcome
    return [{ operation, outcome: received, signature: signatureOf(request) }]
  })
}

type ProposerOf = (entry: LoggedEntry) => string | undefined

/** The upper 16 bits of a request's number are the lower 16 of its proposer's id. */
function proposers(members: readonly LoggedMember[]): ProposerOf {
  const byBits = Map.groupBy(members, ({ nodeId }) => BigInt(nodeId) & 0xffffn)
  return ({ id }) => {
    const found = id === undefined ? undefined : byBits.get(BigInt(id) >> 48n)
    return found?.length === 1 ? found[0]?.member : undefined
  }
}

function splitByMember(group: WriteGroup, proposerOf: ProposerOf): WriteGroup[] {
  const applied = Map.groupBy(group.applied, ({ entry }) => proposerOf(entry))
  const open = Map.groupBy(group.open, proposerOf)
  const writes = Map.groupBy(group.writes, ({ operation }) => operation.invoke.member)
  const names = new Set([...applied.keys(), ...open.keys(), ...writes.keys()])
  if (names.has(undefined)) return [group]
  return [...names].map((name) => ({
    writes: writes.get(name) ?? [],
    applied: applied.get(name) ?? [],
    open: open.get(name) ?? [],
  }))
}
