import { expect, test } from 'vitest'
import type { HeaderEntry } from '../history/logs/header.ts'
import type { HistoryEvent } from '../history/operations.ts'
import { headersChecker } from './headers.ts'

type Answer = Partial<HeaderEntry> & Pick<HeaderEntry, 'timeNs'>

const ids: Readonly<Record<string, string>> = { m1: '11', m2: '22', m3: '33' }

function judge(answers: readonly Answer[], events: readonly HistoryEvent[] = []) {
  const entries = answers.map((answer): HeaderEntry => {
    const { member = 'm1', timeNs } = answer
    const honest = { clusterId: '7', memberId: ids[member] ?? '', raftTerm: 2 }
    const sent = { type: 'answer', member, method: 'KV.Range', sentNs: timeNs - 5 } as const
    return { ...sent, ...honest, ...answer }
  })
  return headersChecker.check({
    history: { header: { format: 'gauntlet-history/1', model: 'etcd' }, events },
    headers: { header: { format: 'gauntlet-headers/1' }, entries },
  })
}

const fault = (effect: 'stops' | 'changes', phase: 'begin' | 'end', timeNs: number) =>
  ({ type: 'fault', name: effect, effect, targets: ['m1'], phase, timeNs }) as const

const during = (effect: 'stops' | 'changes', fromNs: number, toNs: number) => [
  fault(effect, 'begin', fromNs),
  fault(effect, 'end', toNs),
]

test('members of one cluster that answer as themselves, in terms that rise, are valid', () => {
  const answers = [{ timeNs: 10 }, { timeNs: 20, member: 'm2' }, { timeNs: 30, raftTerm: 3 }]
  expect(judge(answers)).toMatchObject({ verdict: 'valid', factsJudged: 3 })
})

test.each([
  { code: 'other-cluster', lie: { clusterId: '8' } },
  { code: 'other-member', lie: { memberId: '12' } },
  { code: 'shared-member-id', lie: { memberId: '22', member: 'm3' } },
  { code: 'term-decreased', lie: { raftTerm: 1 } },
])('an answer of another kind is $code', ({ code, lie }) => {
  const before = [{ timeNs: 10 }, { timeNs: 20, member: 'm2' }]
  expect(judge([...before, { timeNs: 30, ...lie }])).toMatchObject({ verdict: 'invalid', code })
})

test('an answer may be overtaken by one of a later term', () => {
  const overtaken = { timeNs: 30, sentNs: 5, raftTerm: 2 }
  expect(judge([{ timeNs: 10, raftTerm: 3 }, overtaken]).verdict).toBe('valid')
})

test('a member that started again counts its terms from 0, and keeps its id', () => {
  const restart = during('stops', 15, 25)
  const answers = [
    { timeNs: 10, raftTerm: 3 },
    { timeNs: 30, raftTerm: 1 },
  ]
  expect(judge(answers, restart).verdict).toBe('valid')
  const renamed = [{ timeNs: 10 }, { timeNs: 30, memberId: '12' }]
  expect(judge(renamed, restart)).toMatchObject({ code: 'other-member' })
  expect(judge([...answers, { timeNs: 40, raftTerm: 0 }], restart)).toMatchObject({
    code: 'term-decreased',
  })
})

test('a fault that changes a member may put another one in its place', () => {
  const renamed = [{ timeNs: 10 }, { timeNs: 30, memberId: '12', clusterId: '8' }]
  expect(judge(renamed, during('changes', 15, 25)).verdict).toBe('valid')
})

test('answers that all came during faults on their members prove nothing', () => {
  expect(judge([{ timeNs: 20 }], during('stops', 15, 25))).toMatchObject({ verdict: 'unknown' })
})
