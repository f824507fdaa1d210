import type { LoggedEntry, LoggedMember, WalEntry, WalLog } from '../../history/logs/wal.ts'
import type { FinalState } from '../checker.ts'

/** What the members' logs say together. */
export interface JoinedLogs {
  /** The entries that raft committed, in order. */
  readonly committed: readonly LoggedEntry[]
  /** Later ones, of which no log shows whether they were. */
  readonly open: readonly LoggedEntry[]
  /** The members whose logs were read, of one cluster. */
  readonly members: readonly LoggedMember[]
  /** `committed` has every entry since the cluster began with an empty store. */
  readonly isWhole: boolean
  /** What stands in none of the logs was never committed. */
  readonly isComplete: boolean
  /** They were long, and their rest was not read: they are complete up to the end of what was read. */
  readonly isCut: boolean
  /** What the logs lack, a phrase each. */
  readonly gaps: readonly string[]
  /** How two logs hold different content where raft has one. */
  readonly conflict?: string
}

/**
 * Joins the logs. An entry is committed when a member knew so, when every log holds it, or when it is
 * of the newest term and most logs hold it: raft elects no leader without it then. A member that
 * knew of a commit need not have written that down before it was killed: its own log says less.
 *
 * The members that had a leader at the end hold all that was ever committed (raft's leader
 * completeness). So `isComplete` needs the logs of those whose final state was read, and no others.
 */
export function joinLogs({ entries: lines }: WalLog, final: FinalState | undefined): JoinedLogs {
  const members = largestCluster(lines.flatMap((line) => (line.type === 'member' ? [line] : [])))
  // Also of another cluster: a member that took its data over may still be a voter of this one.
  const logCount = lines.filter(({ type }) => type !== 'entry').length
  const byIndex = entriesByIndex(lines, members)
  const { committed, conflict } = findCommitted(byIndex, members, logCount)
  const last = committed.at(-1)?.index ?? 0
  const endings = (final?.members ?? []).map(({ member }) => endingOf(member, members))
  return {
    committed,
    open: [...byIndex].flatMap(([index, entries]) => (index > last ? entries : [])),
    members,
    isWhole:
      committed[0]?.index === 1 && committed.length === last && !isRestored(committed, members),
    isComplete: final !== undefined && endings.every((ending) => ending === 'torn'),
    isCut:
      endings.includes('too-long') &&
      endings.every((ending) => ending === 'torn' || ending === 'too-long'),
    gaps: findGaps(lines, members),
    ...(conflict !== undefined && { conflict }),
  }
}

/** Members of another cluster, as after a restore, say nothing about this one. */
function largestCluster(all: readonly LoggedMember[]): readonly LoggedMember[] {
  const clusters = Object.values(Object.groupBy(all, ({ clusterId }) => clusterId))
  return clusters.reduce<readonly LoggedMember[]>(
    (largest, one = []) => (one.length > largest.length ? one : largest),
    [],
  )
}

/** Those that some of the members hold, by index, ascending. */
function entriesByIndex(
  lines: readonly WalEntry[],
  members: readonly LoggedMember[],
): Map<number, LoggedEntry[]> {
  const byIndex = new Map<number, LoggedEntry[]>()
  for (const line of lines) {
    if (line.type !== 'entry' || !members.some((member) => holds(member, line))) continue
    byIndex.set(line.index, [...(byIndex.get(line.index) ?? []), line])
  }
  return new Map([...byIndex].sort(([one], [other]) => one - other))
}

function holds({ member, spans }: LoggedMember, entry: LoggedEntry): boolean {
  if (entry.members !== undefined) return entry.members.includes(member)
  return spans.some(
    ([term, first, last]) => term === entry.term && first <= entry.index && entry.index <= last,
  )
}

interface Committed {
  readonly committed: readonly LoggedEntry[]
  readonly conflict?: string
}

function findCommitted(
  byIndex: ReadonlyMap<number, readonly LoggedEntry[]>,
  members: readonly LoggedMember[],
  logCount: number,
): Committed {
  const committed: LoggedEntry[] = []
  const newestTerm = Math.max(0, ...members.map(({ term }) => term))
  const mostCommitted = Math.max(0, ...members.map(({ commit }) => commit))
  const isReplicated = (entry: LoggedEntry) => {
    const holders = members.filter((member) => holds(member, entry)).length
    return holders === logCount || (entry.term === newestTerm && 2 * holders > logCount)
  }
  for (const [index, entries] of byIndex) {
    const twice = entries.find((entry) => isSplit(entry, entries))
    if (twice !== undefined) return { committed, conflict: describeSplit(entries, twice) }
    const known = entries.filter((entry) =>
      members.some((member) => member.commit >= index && holds(member, entry)),
    )
    if (known.length > 1) return { committed, conflict: describeCommits(index, known) }
    const [entry] =
      known.length === 0 && index > mostCommitted ? entries.filter(isReplicated) : known
    if (entry === undefined && index > mostCommitted) break
    if (entry !== undefined) committed.push(entry)
  }
  return { committed }
}

/** Whether another of these has other content in its place; a log of another cluster may have, too. */
function isSplit({ term, members }: LoggedEntry, entries: readonly LoggedEntry[]): boolean {
  if (members === undefined) return false
  return entries.filter((other) => other.members !== undefined && other.term === term).length > 1
}

function describeSplit(entries: readonly LoggedEntry[], { index, term }: LoggedEntry): string {
  const holders = entries.flatMap((entry) => (entry.members ? [entry.members.join(' and ')] : []))
  return `the logs of ${holders.join(', and of ')} hold different requests at index ${index} of term ${term}`
}

function describeCommits(index: number, entries: readonly LoggedEntry[]): string {
  const terms = entries.map(({ term }) => term).join(' and ')
  return `the logs have two committed entries at index ${index}, of terms ${terms}`
}

/**
 * A cluster that was restored from a snapshot begins with a log of memberships and a raft snapshot
 * right after them: its store was not empty.
 */
function isRestored(committed: readonly LoggedEntry[], members: readonly LoggedMember[]): boolean {
  const first = committed.findIndex(({ request }) => request.kind !== 'membership')
  const memberships = first < 0 ? committed.length : first
  return members.some(({ snapshots }) =>
    snapshots.some(([index]) => index > 0 && index <= memberships),
  )
}

/** A torn end is what a kill leaves: the record had not been acknowledged to any other member. */
function endingOf(name: string, members: readonly LoggedMember[]): string | undefined {
  const found = members.find(({ member }) => member === name)
  return found && (found.ending?.kind ?? 'torn')
}

function findGaps(lines: readonly WalEntry[], members: readonly LoggedMember[]): string[] {
  return lines.flatMap((line) => {
    if (line.type === 'entry') return []
    if (line.type === 'missing') return [`${line.member} has no log (${line.reason})`]
    if (!members.includes(line)) return [`the log of ${line.member} is another cluster's`]
    const { kind, reason } = line.ending ?? { kind: 'torn' }
    return kind === 'torn' ? [] : [`the log of ${line.member} ends early (${reason})`]
  })
}
