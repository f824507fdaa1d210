import { parseLogLine } from '../../core/etcd/log-line.ts'

export interface Elections {
  /** Leaders that took over after the first one. */
  readonly elections: number | null
  /** Terms in which a member stood as a candidate, after the first leader's. */
  readonly termsTried: number | null
  /** Those that none won although another member was asked for its vote, or stood, too. */
  readonly lostVotes: number | null
}

/** What raft logs, in every version and form. */
const line = /became (candidate|leader) at term (\d+)/
/** A member that was asked for its vote in a term that is newer than its own. */
const asked = /received a MsgVote message with higher term from \w+ \[term: (\d+)\]/

/**
 * Counts elections from what raft logs of its terms, after the highest one from before `startedAtMs`, a
 * wall-clock instant: a cluster may have run for a while when the scenario starts. All are null where no
 * member logs that it became a leader: the log level hides it, or no log was saved.
 */
export function countElections(
  logs: Readonly<Record<string, readonly string[]>>,
  startedAtMs: number,
): Elections {
  const candidates = new Map<number, Set<string>>()
  const won = new Set<number>()
  const reached = new Set<number>()
  let earlier = 0
  for (const [member, lines] of Object.entries(logs)) {
    for (const raw of lines) {
      if (!raw.includes(' at term ') && !raw.includes(' MsgVote message ')) continue
      const { message, timeMs = startedAtMs } = parseLogLine(raw)
      const [, newer] = asked.exec(message) ?? []
      if (newer !== undefined) reached.add(Number(newer))
      const [, role, digits] = line.exec(message) ?? []
      const term = Number(digits)
      if (role === undefined) continue
      if (timeMs < startedAtMs) earlier = Math.max(earlier, term)
      if (role === 'leader') won.add(term)
      else candidates.set(term, (candidates.get(term) ?? new Set()).add(member))
    }
  }
  if (won.size === 0) return { elections: null, termsTried: null, lostVotes: null }
  const first = Math.max(earlier, Math.min(...won))
  const tried = [...candidates].filter(([term]) => term > first)
  const lost = tried.filter(([term, standing]) => {
    return !won.has(term) && (standing.size > 1 || reached.has(term))
  })
  const elections = [...won].filter((term) => term > first).length
  return { elections, termsTried: tried.length, lostVotes: lost.length }
}
