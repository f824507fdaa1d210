import { expect, test } from 'vitest'
import { createRandom } from '../../core/random.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { checkLinearizable, linearizabilityChecker } from '../linearizability.ts'
import { simulateRegisters } from '../testing/register-simulator.ts'

/** One key, everything concurrent, few different texts: too many orders to try them all. */
const hard = simulateRegisters(
  { model: 'kv', operations: 400, processes: 60, keys: 1, values: 4, unknown: 0.3, mix: [2, 1, 3] },
  createRandom(1),
)

const lie: HistoryEvent[] = [
  { type: 'invoke', process: 900, f: 'put', key: 'z', value: 'a', timeNs: 1 },
  { type: 'ok', process: 900, f: 'put', key: 'z', timeNs: 2 },
  { type: 'invoke', process: 900, f: 'get', key: 'z', timeNs: 3 },
  { type: 'ok', process: 900, f: 'get', key: 'z', value: 'b', timeNs: 4 },
]

const withLie: History = { ...hard, events: [...hard.events, ...lie] }

test('a search out of time is unknown, and the reason says how long it took', () => {
  const verdict = checkLinearizable(hard, { timeoutMs: 20 })
  expect(verdict.verdict).toBe('unknown')
  expect(verdict.reason).toContain('gave up after 0.02 s at key "k1"')
})

test('a search out of memory is unknown', () => {
  const verdict = checkLinearizable(hard, { memoryBytes: 500_000 })
  expect(verdict.verdict).toBe('unknown')
  expect(verdict.reason).toContain('memory')
})

test('a value that no operation wrote is invalid even where the search cannot end', () => {
  const register = { model: 'cas-register', operations: 600, processes: 60, keys: 1 } as const
  const { header, events } = simulateRegisters(
    { ...register, values: 4, unknown: 0.3 },
    createRandom(2),
  )
  const seen = (value: number): HistoryEvent[] => [
    { type: 'invoke', process: 900, f: 'read', key: 'k1', timeNs: 1 },
    { type: 'ok', process: 900, f: 'read', key: 'k1', value, timeNs: 2 },
  ]
  const judge = (value: number) =>
    checkLinearizable({ header, events: [...events, ...seen(value)] }, { memoryBytes: 1_000 })
  expect(judge(1).verdict).toBe('unknown')
  expect(judge(99)).toMatchObject({ verdict: 'invalid', evidence: { found: 'read of 99' } })
})

test('a key that is too hard does not hide a violation of another one', () => {
  const verdict = checkLinearizable(withLie, { memoryBytes: 2_000_000 })
  expect(verdict.verdict).toBe('invalid')
  expect(verdict.evidence?.partition).toBe('z')
})

test('a violation shows the key, the longest order before it and the culprit', () => {
  const { evidence, reason, operations } = checkLinearizable({ header: hard.header, events: lie })
  expect(operations).toBe(2)
  expect(reason).toBe('key "z": get of "b" by process 900 fits no order; the value can only be "a"')
  expect(evidence).toEqual({
    partition: 'z',
    prefixOmitted: 0,
    culprit: 2,
    prefix: [0],
    involved: [0, 2],
    expected: 'the value can only be "a"',
    found: 'get of "b"',
  })
})

test('of two invalid keys the one with fewer operations is shown', () => {
  const longer = lie.flatMap((event) => [event, { ...event, process: 901, key: 'y' }])
  const more = longer.map((event) => ({ ...event, process: Number(event.process) + 10, key: 'y' }))
  const events = [...more, ...lie]
  expect(checkLinearizable({ header: hard.header, events }).evidence?.partition).toBe('z')
})

test('a history without operations proves nothing', () => {
  const verdict = linearizabilityChecker.check({ history: { header: hard.header, events: [] } })
  expect(verdict).toMatchObject({ checker: 'linearizability', verdict: 'unknown', operations: 0 })
})
