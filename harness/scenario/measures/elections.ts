import { parseLogLine } from '../../core/etcd/log-line.ts'

export interface Elections {
  /** Leaders that took over after the first one. */
  readonly elections: number | null
  /** Terms in which a member stood as a candidate, after the first leader's. */
  readonly termsTried: number | null
  /** Those in which two members or more stood and none won. */
  readonly splitVotes: number | null
}

/** What raft logs, in every version and form. */
const line = /became (candidate|leader) at term (\d+)/

/**
 * Counts elections from what raft logs of its terms. All are null where no member logs that it became
 * a leader: the log level hides it, or no log was saved.
 */
export function countElections(logs: Readonly<Record<string, readonly string[]>>): Elections {
  const candidates = new Map<number, Set<string>>()
  const won = new Set<number>()
  for (const [member, lines] of Object.entries(logs)) {
    for (const raw of lines) {
      if (!raw.includes(' at term ')) continue
      const [, role, term] = line.exec(parseLogLine(raw).message) ?? []
      if (role === 'leader') won.add(Number(term))
      if (role !== 'candidate') continue
      const standing = candidates.get(Number(term)) ?? new Set()
      candidates.set(Number(term), standing.add(member))
    }
  }
  if (won.size === 0) return { elections: null, termsTried: null, splitVotes: null }
  const first = Math.min(...won)
  const tried = [...candidates].filter(([term]) => term > first)
  const split = tried.filter(([term, standing]) => standing.size > 1 && !won.has(term))
  return { elections: won.size - 1, termsTried: tried.length, splitVotes: split.length }
}
