import { parseLogLine } from '../../core/etcd/log-line.ts'

/** Raft logs this when a member starts, in every version; before 3.4 after `raft: `. */
const started = /^(?:raft: )?newRaft [0-9a-f]+ \[.*\bterm: (\d+), .*\blastterm: (\d+)\]$/

/** A line, from 1, with which a member started. */
export interface LostTerm {
  readonly line: number
  readonly text: string
}

/**
 * The starts at which a member's term was older than the last entry of its own log. Raft saves its term
 * and vote before it answers for an entry: a member that forgets them may vote twice in one term.
 */
export function findLostTerms(lines: readonly string[]): LostTerm[] {
  return lines.flatMap((raw, at) => {
    if (!raw.includes('newRaft ')) return []
    const [, term, last] = started.exec(parseLogLine(raw).message) ?? []
    return Number(term) < Number(last) ? [{ line: at + 1, text: raw }] : []
  })
}
