import type { LoggedEntry, LoggedMember, MissingLog, WalEntry } from '../history/logs/wal.ts'
import { decodeLoggedRequest } from './logged-request.ts'
import { decodeMessage } from './messages.ts'
import type { MemberLog, RaftEntry } from './read-log.ts'

/** A member's log, or why there is none. */
export type FoundLog = MemberLog | { readonly missing: string }

/** One content at one index and term, and whose logs hold it. */
interface SharedEntry {
  readonly entry: RaftEntry
  readonly members: string[]
}

/**
 * All members' logs as lines of `gauntlet-wal/1`: what each log says of itself, then every entry once,
 * by index and term. By raft's log matching one index and term has one content; where logs differ,
 * each content is a line that names its members.
 */
export function* reduceLogs(logs: ReadonlyMap<string, FoundLog>): Generator<WalEntry> {
  const byIndex = new Map<number, SharedEntry[]>()
  for (const [member, log] of logs) {
    yield describeLog(member, log)
    if ('missing' in log) continue
    for (const entry of log.entries.values()) share(byIndex, entry, member)
  }
  for (const index of [...byIndex.keys()].sort((one, other) => one - other)) {
    const shared = byIndex.get(index) ?? []
    for (const each of shared.sort((one, other) => one.entry.term - other.entry.term)) {
      const isAlone = shared.every((one) => one === each || one.entry.term !== each.entry.term)
      yield lineOf(each, isAlone)
    }
  }
}

function describeLog(member: string, log: FoundLog): LoggedMember | MissingLog {
  if ('missing' in log) return { type: 'missing', member, reason: log.missing }
  const { nodeId, clusterId, term, commit, ending } = log
  if (nodeId === undefined || clusterId === undefined) {
    const reason = ending?.reason ?? 'its log has no record'
    return { type: 'missing', member, reason }
  }
  return {
    type: 'member',
    member,
    nodeId,
    clusterId,
    term,
    commit,
    spans: spansOf(log.entries),
    snapshots: log.snapshots.map(({ index, term: at }) => [index, at]),
    ...(ending && { ending }),
  }
}

/** `[term, first, last]` of entries that follow one another. */
function spansOf(entries: MemberLog['entries']): [number, number, number][] {
  const spans: [number, number, number][] = []
  for (const { index, term } of entries.values()) {
    const span = spans.at(-1)
    if (span !== undefined && span[0] === term && span[2] === index - 1) span[2] = index
    else spans.push([term, index, index])
  }
  return spans
}

function share(byIndex: Map<number, SharedEntry[]>, entry: RaftEntry, member: string): void {
  const known = byIndex.get(entry.index)
  if (known === undefined) {
    byIndex.set(entry.index, [{ entry, members: [member] }])
    return
  }
  const same = known.find((one) => isSame(one.entry, entry))
  if (same === undefined) known.push({ entry, members: [member] })
  else same.members.push(member)
}

function isSame(one: RaftEntry, other: RaftEntry): boolean {
  if (one.term !== other.term || one.isNormal !== other.isNormal) return false
  return one.data.equals(other.data) || (isOfBootstrap(one) && isSameChange(one, other))
}

/**
 * raft's first term has only the memberships that each first member writes for itself (raft.go, Bootstrap).
 * With DNS records none knows the others' names, so that what it says of them differs.
 */
function isOfBootstrap({ term, isNormal }: RaftEntry): boolean {
  return term === 1 && !isNormal
}

function isSameChange(one: RaftEntry, other: RaftEntry): boolean {
  try {
    const [own, others] = [one, other].map(({ data }) => decodeMessage('MembershipChange', data))
    return own?.type === others?.type && own?.nodeId === others?.nodeId
  } catch {
    return false
  }
}

function lineOf({ entry, members }: SharedEntry, isAlone: boolean): LoggedEntry {
  const { index, term } = entry
  return { type: 'entry', index, term, ...decodeLoggedRequest(entry), ...(!isAlone && { members }) }
}
