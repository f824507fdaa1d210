import { expect, test } from 'vitest'
import { logsChecker } from '../logs.ts'

const became = (id: string, state: string, term: number) =>
  JSON.stringify({ level: 'info', logger: 'raft', msg: `${id} became ${state} at term ${term}` })

function judge(logs: Readonly<Record<string, readonly string[]>>) {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return logsChecker.check({ history: { header, events: [] }, logs })
}

test('one leader a term is valid, also one that wins again', () => {
  const logs = {
    m1: [became('a1', 'leader', 2), became('a1', 'follower', 3)],
    m2: [became('b2', 'leader', 3), became('b2', 'candidate', 4), became('b2', 'leader', 4)],
  }
  expect(judge(logs).verdict).toBe('valid')
})

test.each([
  { form: 'JSON', line: became('b2', 'leader', 2) },
  { form: 'capnslog', line: '2024-01-02 03:04:05.678901 I | raft: b2 became leader at term 2' },
  { form: 'console', line: '2024-01-02T03:04:05Z\tinfo\tb2 became leader at term 2' },
])('two leaders in one term are a violation, in $form', ({ line }) => {
  const verdict = judge({ m1: [became('a1', 'leader', 2)], m2: ['up', line] })
  expect(verdict).toMatchObject({ verdict: 'invalid', code: 'two-leaders' })
  expect(verdict.reason).toBe(
    'm2 logged a second leader of a term in line 2: it leads term 2, which m1 leads by line 1 of its log',
  )
})

test('the terms of a member that was restored are compared with none', () => {
  const restored = [became('b2', 'follower', 3), became('b2', 'follower', 1)]
  const logs = { m1: [became('a1', 'leader', 2)], m2: [...restored, became('b2', 'leader', 2)] }
  expect(judge(logs).verdict).toBe('valid')
})

test.each([
  (cluster: string) => JSON.stringify({ msg: 'starting local member', 'cluster-id': cluster }),
  (cluster: string) => `2024-01-02 I | etcdserver: starting member b2 in cluster ${cluster}`,
])('two clusters may each have a leader of one term, one cluster may not', (starts) => {
  const led = (cluster: string) => [starts(cluster), became('b2', 'leader', 2)]
  const first = [starts('c1'), became('a1', 'leader', 2)]
  expect(judge({ m1: first, n1: led('c2') }).verdict).toBe('valid')
  expect(judge({ m1: first, n1: led('c1') }).verdict).toBe('invalid')
  expect(judge({ m1: [...first, ...led('c2')], n1: led('c1') }).verdict).toBe('invalid')
})
