import { parseLogLine } from '../../core/etcd/log-line.ts'

/** Raft logs this when a member wins an election, in every version; before 3.4 after `raft: `. */
const won = /^(?:raft: )?([0-9a-f]+) became (leader|follower|candidate) at term (\d+)$/

/** etcd names its cluster when it starts, before raft's first line: as a field, before 3.4 in words. */
const clusterNamed = /cluster-id\\?":\s*\\?"([0-9a-f]+)|member [0-9a-f]+ in cluster ([0-9a-f]+)/

interface Lead {
  readonly member: string
  /** Empty when its log does not name it. */
  readonly cluster: string
  /** From 1. */
  readonly line: number
  readonly id: string
  readonly term: number
  readonly text: string
}

/**
 * Two members that each logged that they lead one cluster in one term; a restore makes another
 * cluster. A member whose terms fall went on with other data, and what it logs from then on is
 * compared with nothing.
 */
export function findTwoLeaders(
  logs: Readonly<Record<string, readonly string[]>>,
): (Lead & { readonly other: Lead }) | undefined {
  const byTerm = new Map<string, Lead>()
  for (const [member, lines] of Object.entries(logs)) {
    for (const lead of leadsOf(member, lines)) {
      const key = `${lead.cluster} ${lead.term}`
      const other = byTerm.get(key) ?? lead
      byTerm.set(key, other)
      if (other.id !== lead.id) return { ...lead, other }
    }
  }
  return undefined
}

function leadsOf(member: string, lines: readonly string[]): Lead[] {
  const leads: Lead[] = []
  let [cluster, last] = ['', 0]
  for (const [at, raw] of lines.entries()) {
    const [, field, words] = clusterNamed.exec(raw) ?? []
    const named = field ?? words ?? cluster
    if (named !== cluster) [cluster, last] = [named, 0]
    // Most lines say nothing of terms, and parsing takes time.
    if (!raw.includes(' at term ')) continue
    const [, id = '', state, text = ''] = won.exec(parseLogLine(raw).message) ?? []
    const term = Number(text)
    if (id === '') continue
    if (term < last) break
    last = term
    if (state === 'leader') leads.push({ member, cluster, line: at + 1, id, term, text: raw })
  }
  return leads
}
