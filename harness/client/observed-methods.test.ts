import { expect, test } from 'vitest'
import type { AnswerHeader } from '../history/logs/header-recorder.ts'
import { observedMethods } from './observed-methods.ts'
import { methodOf } from './proto.ts'

const header = { clusterId: '14841639068965178418', memberId: '10276657743932975437', raftTerm: 2 }

/** What is observed when the member answers with this message. */
function observe(service: 'KV' | 'Maintenance', method: string, response: object) {
  const seen: unknown[] = []
  const methods = observedMethods({
    member: 'm1',
    observe: (request) => (answer: AnswerHeader) => void seen.push({ ...request, ...answer }),
  })
  const bytes = methodOf<object, object>(service, method).responseSerialize(response)
  methods(service, method).responseDeserialize(bytes)
  return seen
}

test('the header of each answer is observed, with ids beyond 2^53', () => {
  const seen = observe('KV', 'Range', { header: { ...header, revision: 5 } })
  expect(seen).toEqual([{ member: 'm1', method: 'KV.Range', ...header }])
})

test('an answer without a header is passed on', () => {
  expect(observe('Maintenance', 'Snapshot', { blob: Buffer.from('x') })).toEqual([])
})
