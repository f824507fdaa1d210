import fc from 'fast-check'
import { expect, test } from 'vitest'
import { check, historyOf, onePut, put, putOk } from './testing/logged-cases.ts'
import { logsOf, simulateWithLogs } from './testing/logged-simulation.ts'

const simulations = fc.record({
  seed: fc.integer({ min: 1, max: 100_000 }),
  operations: fc.integer({ min: 5, max: 120 }),
  keys: fc.integer({ min: 1, max: 4 }),
  processes: fc.integer({ min: 1, max: 5 }),
  unknownShare: fc.constantFrom(0, 0.1, 0.4),
  prevShare: fc.constantFrom(0, 0.5),
})

test('the logs of a correct etcd agree with what its clients received', () => {
  fc.assert(
    fc.property(simulations, (simulation) => {
      const input = simulateWithLogs(simulation)
      const { verdict, reason } = check(input)
      expect(verdict, reason).toBe('valid')
    }),
    { numRuns: 150 },
  )
})

test('an answer that is altered in any fact contradicts the logs', () => {
  fc.assert(
    fc.property(simulations, fc.nat(), (simulation, pick) => {
      const input = simulateWithLogs({ ...simulation, unknownShare: 0 })
      const answers = input.history.events.flatMap((event, at) =>
        event.type === 'ok' && (event.f === 'put' || event.f === 'get') ? [at] : [],
      )
      fc.pre(answers.length > 0)
      const altered = answers[pick % answers.length]
      const events = input.history.events.map((event, at) => {
        if (at !== altered || event.type !== 'ok') return event
        return event.f === 'put'
          ? { ...event, revision: Number(event.revision) + 1 }
          : { ...event, value: 'never written', modRevision: 1 }
      })
      const { verdict } = check({ ...input, history: { ...input.history, events } })
      expect(verdict).toBe('invalid')
    }),
    { numRuns: 100 },
  )
})

test('where authentication was enabled, a contradiction is a doubt', () => {
  const wal = logsOf([{ kind: 'other', name: 'authEnable' }, put('k', 'v')])
  expect(check({ ...onePut, wal }).verdict).toBe('valid')
  const history = historyOf(...putOk('k', 'v', 3))
  expect(check({ ...onePut, history, wal })).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('authentication was enabled'),
  })
})

test('without logs, or with nothing to compare, nothing is judged', () => {
  const { history, final } = onePut
  expect(check({ history, final })).toMatchObject({ verdict: 'unknown', factsJudged: 0 })
  expect(check({ history: historyOf(), wal: logsOf([]) })).toMatchObject({
    verdict: 'unknown',
    reason: 'nothing to compare with the logs',
  })
})
