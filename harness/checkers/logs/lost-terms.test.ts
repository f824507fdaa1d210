import { expect, test } from 'vitest'
import { logsChecker } from '../logs.ts'

const peers = '[peers: [56512d7b8c732fac,80fe73cab08f88e4], '
const newRaft = (term: number, lastTerm: number) =>
  `newRaft 56512d7b8c732fac ${peers}term: ${term}, commit: 0, applied: 0, lastindex: 133, lastterm: ${lastTerm}]`

const forms: Readonly<Record<string, (message: string) => string>> = {
  JSON: (msg) => JSON.stringify({ level: 'info', logger: 'raft', msg }),
  capnslog: (message) => `2024-01-02 03:04:05.678901 I | raft: ${message}`,
  console: (message) => `2024-01-02T03:04:05Z\tinfo\t${message}`,
}

function judge(lines: readonly string[]) {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return logsChecker.check({ history: { header, events: [] }, logs: { m1: lines } })
}

test.each(Object.entries(forms))(
  'a term before the last entry’s is a violation, in %s',
  (_, form) => {
    const verdict = judge([form(newRaft(0, 0)), form(newRaft(0, 2))])
    expect(verdict).toMatchObject({ verdict: 'invalid', code: 'term-lost', codes: ['term-lost'] })
    expect(verdict.reason).toMatch(
      /^m1 logged a start at a term before that of its last entry in line 2/,
    )
  },
)

test.each(Object.entries(forms))('a term from the last entry’s on is valid, in %s', (_, form) => {
  expect(judge([newRaft(0, 0), newRaft(2, 2), newRaft(5, 3)].map(form)).verdict).toBe('valid')
})
