import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../harness/checkers/checker.ts'

const event = (key: string, value: string, modRevision: number) => ({
  type: 'put',
  key,
  value,
  modRevision,
  createRevision: modRevision,
  version: 1,
})

/** Two watchers; that of m3 misses what m2's received at revision 912. */
const lines = [
  { format: 'gauntlet-watch/1' },
  { type: 'open', stream: 0, timeNs: 1, member: 'm2', startRevision: 2 },
  { type: 'open', stream: 1, timeNs: 2, member: 'm3', startRevision: 2 },
  ...[
    { stream: 0, events: [event('account/42', 'balance=25', 912)], revision: 912 },
    { stream: 0, events: [event('account/43', 'balance=1', 913)], revision: 913 },
    { stream: 1, events: [event('account/43', 'balance=1', 913)], revision: 913 },
  ].map((received, index) => ({ type: 'events', timeNs: 7e9 + index, ...received })),
]

const text = 'put account/42 = "balance=25" (modRevision 912) is missing; the watch at m2 shows it'

export const missedEventVerdict: Verdict = {
  checker: 'watch',
  verdict: 'invalid',
  code: 'event-missing',
  codes: ['event-missing'],
  factsJudged: 3,
  reason: `a watch at m3 is not reliable: ${text}`,
  evidence: {
    guarantees: ['reliable'],
    violations: [{ guarantee: 'reliable', member: 'm3', revision: 912, text }],
    found: text,
  },
}

/** watch.jsonl of a scenario's directory. */
export function writeMissedEvent(path: string): void {
  const file = join(path, 'watch.jsonl')
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
}
