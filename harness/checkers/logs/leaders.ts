import { parseLogLine } from '../../core/etcd-log.ts'

/** Raft logs this when a member wins an election, in every version; before 3.4 after `raft: `. */
const won = /^(?:raft: )?([0-9a-f]+) became (leader|follower|candidate) at term (\d+)$/

interface Lead {
  readonly member: string
  /** From 1. */
  readonly line: number
  readonly id: string
  readonly term: number
  readonly text: string
}

/**
 * Two members that each logged that they lead in one term. A member whose terms fall went on with
 * other data, as after a restore, and what it logs from then on is compared with nothing.
 */
export function findTwoLeaders(
  logs: Readonly<Record<string, readonly string[]>>,
): (Lead & { readonly other: Lead }) | undefined {
  const byTerm = new Map<number, Lead>()
  for (const [member, lines] of Object.entries(logs)) {
    for (const lead of leadsOf(member, lines)) {
      const other = byTerm.get(lead.term) ?? lead
      byTerm.set(lead.term, other)
      if (other.id !== lead.id) return { ...lead, other }
    }
  }
  return undefined
}

function leadsOf(member: string, lines: readonly string[]): Lead[] {
  const leads: Lead[] = []
  let last = 0
  for (const [at, raw] of lines.entries()) {
    // Most lines say nothing of terms, and parsing takes time.
    if (!raw.includes(' at term ')) continue
    const [, id = '', state, text = ''] = won.exec(parseLogLine(raw).message) ?? []
    const term = Number(text)
    if (id === '') continue
    if (term < last) break
    last = term
    if (state === 'leader') leads.push({ member, line: at + 1, id, term, text: raw })
  }
  return leads
}
