import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../core/random.ts'
import { type History, isOperation } from '../../../history/operations.ts'
import { mutateEtcd } from '../../testing/etcd-mutator.ts'
import { type EtcdSimulation, simulateEtcd } from '../../testing/etcd-simulator.ts'
import { checkEtcd } from '../check-etcd.ts'
import { createLongChecker } from './check-long.ts'
import type { LongVerdict } from './run.ts'

/** Small parts, so that small histories have many. */
function checkInParts(history: History, heldOperations: number): LongVerdict {
  const checker = createLongChecker(history.header, { heldOperations, timeoutMs: 5_000 })
  let found: LongVerdict | undefined
  history.events.forEach((event, index) => {
    if (isOperation(event)) found ??= checker.add(event, index)
  })
  return found ?? checker.end()
}

const simulations = fc.record({
  seed: fc.nat(),
  operations: fc.integer({ min: 20, max: 300 }),
  keys: fc.integer({ min: 1, max: 4 }),
  processes: fc.integer({ min: 1, max: 6 }),
  unknownShare: fc.constantFrom<number>(0, 0.02, 0.1),
  values: fc.constantFrom<number>(0, 0, 3),
  prevShare: fc.constantFrom<number>(0, 0.5),
  initial: fc.constantFrom<EtcdSimulation['initial']>(undefined, { revision: 1 }),
})

type Drawn = typeof simulations extends fc.Arbitrary<infer Value> ? Value : never

const historyOf = (simulation: Drawn): History =>
  mutateEtcd(simulateEtcd(simulation), createRandom(simulation.seed))

test('in parts a history has the verdict that it has whole, or is given up', () => {
  const counts = { valid: 0, invalid: 0, unknown: 0 }
  const agrees = (drawn: Drawn, heldOperations: number) => {
    const history = historyOf(drawn)
    const inParts = checkInParts(history, heldOperations).verdict
    counts[inParts.verdict]++
    if (inParts.verdict === 'unknown') return
    const whole = checkEtcd(history, { timeoutMs: 5_000 })
    if (whole.verdict !== 'unknown') {
      expect(inParts.verdict, inParts.reason ?? whole.reason).toBe(whole.verdict)
    }
  }
  const held = fc.constantFrom(5, 20, 60)
  fc.assert(fc.property(simulations, held, agrees), { seed: 20_240_613, numRuns: 800 })
  expect(counts.valid).toBeGreaterThan(100)
  expect(counts.invalid).toBeGreaterThan(200)
})

test('a long history is judged in parts, and what is wrong in it is found at its place', () => {
  const simulation = { seed: 3, operations: 20_000, keys: 10, processes: 8, unknownShare: 0.01 }
  const history = simulateEtcd(simulation)
  const { verdict } = checkInParts(history, 500)
  expect(verdict).toMatchObject({ verdict: 'valid', operations: 20_000 })
  const at = history.events.findLastIndex(({ type, f, value }) => {
    return type === 'ok' && f === 'get' && value !== null
  })
  const events = history.events.map((event, index) =>
    index === at ? { ...event, value: 'x' } : event,
  )
  const broken = checkInParts({ header: history.header, events }, 500)
  expect(broken.verdict).toMatchObject({ verdict: 'invalid', code: 'wrong-answer' })
  const culprit = broken.window.places[broken.verdict.evidence?.culprit ?? -1]
  expect(history.events[culprit ?? -1]).toMatchObject({ type: 'invoke', f: 'get' })
  expect(broken.window.places.length).toBeLessThan(4_000)
})

test('a request that never completes does not keep a history from being judged in parts', () => {
  const simulation = { seed: 4, operations: 4_000, keys: 5, processes: 4, unknownShare: 0 }
  const { header, events } = simulateEtcd(simulation)
  const stuck = { type: 'invoke', process: 99, f: 'put', key: 'k1', value: 'x', timeNs: 0 } as const
  const sent: History = { header, events: [stuck, ...events] }
  expect(checkInParts(sent, 100).verdict).toMatchObject({ verdict: 'valid', operations: 4_001 })
  const late = { ...stuck, type: 'ok', revision: 9_999 } as const
  const found = checkInParts({ header, events: [...sent.events, late] }, 100).verdict
  expect(found.reason).toContain('an operation was open while very many others completed')
})

test.each([
  ['an answer without a revision', { type: 'ok', f: 'put' }, 'an answer names no revision'],
  ['a revoke', { type: 'ok', f: 'revoke', revision: 2 }, 'a revoke looks at more'],
])('%s is given up, with the reason', (_, answer, reason) => {
  const { f } = answer
  const checker = createLongChecker({ format: 'gauntlet-history/1', model: 'etcd' })
  checker.add({ type: 'invoke', process: 1, f, timeNs: 0, key: 'a', value: '1', lease: '1' }, 0)
  const found = checker.add({ process: 1, timeNs: 1, ...answer } as never, 1)
  expect(found?.verdict).toMatchObject({ verdict: 'unknown' })
  expect(found?.verdict.reason).toContain(reason)
})

test('an unknown operation that two parts could need is no contradiction', () => {
  const verdicts = [
    ['k1', 'k2'],
    ['k2', 'k1'],
  ].map(([first = '', second = '']) => {
    const requests: [object, object][] = [
      [{ f: 'put', key: first, value: 'a' }, { type: 'info' }],
      [{ f: 'put', key: second, value: 'b' }, { type: 'info' }],
      [{ f: 'put', key: 'k3', value: '1' }, { revision: 2 }],
      // Revision 3 is one of the two, and no answer shows which.
      [{ f: 'put', key: first, value: '2' }, { revision: 4 }],
      [{ f: 'put', key: second, value: '3' }, { revision: 5 }],
      [
        { f: 'get', key: 'k3' },
        { value: '1', modRevision: 2, revision: 5 },
      ],
      [
        { f: 'get', key: 'k1' },
        { value: first === 'k1' ? 'a' : 'b', modRevision: 6, revision: 6 },
      ],
    ]
    const events = requests.flatMap(([request, answer], process) => {
      const invoke = { type: 'invoke', process, timeNs: process, ...request }
      const ok = {
        type: 'ok',
        process,
        timeNs: process,
        f: (request as { f: string }).f,
        ...answer,
      }
      return [invoke, ok]
    }) as unknown as History['events']
    const header = {
      format: 'gauntlet-history/1',
      model: 'etcd',
      initial: { revision: 1 },
    } as const
    expect(checkEtcd({ header, events }).verdict).toBe('valid')
    return checkInParts({ header, events }, 1).verdict
  })
  expect(verdicts.map(({ verdict }) => verdict).toSorted()).toEqual(['unknown', 'valid'])
  expect(verdicts.map(({ reason = '' }) => reason).join('')).toContain(
    'may need the same operation',
  )
})
