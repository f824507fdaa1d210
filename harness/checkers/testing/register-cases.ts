import { createRandom } from '../../core/random.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { checkLinearizable } from '../linearizability.ts'
import type { CheckerCase } from './checker-case.ts'
import { type RegisterSimulation, simulateRegisters } from './register-simulator.ts'

const common = { operations: 2_000, processes: 50 } as const
const kv = { ...common, model: 'kv' } as const
const register = { ...common, model: 'cas-register' } as const

const plans: Record<string, RegisterSimulation> = {
  'kv, one key': { ...kv, keys: 1, values: 0 },
  'kv, one key, 2 % unknown': { ...kv, keys: 1, values: 0, unknown: 0.02 },
  'kv, one key, 10 % unknown': { ...kv, keys: 1, values: 0, unknown: 0.1 },
  'kv, ten keys': { ...kv, keys: 10, values: 0 },
  'kv, ten keys, 10 % unknown': { ...kv, keys: 10, values: 0, unknown: 0.1 },
  'kv, ten keys, 5 values, 10 % unknown': { ...kv, keys: 10, values: 5, unknown: 0.1 },
  'register, one key, 10 % unknown': { ...register, keys: 1, values: 0, unknown: 0.1 },
  'register, one key, 5 values': { ...register, keys: 1, values: 5 },
  'register, ten keys, 5 values, 10 % unknown': { ...register, keys: 10, values: 5, unknown: 0.1 },
}

/**
 * Everything concurrent on one key, few values, hundreds of unknown writes of them: an order is
 * found within seconds, but to show that there is none could take for ever. Only good ones.
 */
const adversarial: Record<string, RegisterSimulation> = {
  'register, one key, 5 values, 2 % unknown': { ...register, keys: 1, values: 5, unknown: 0.02 },
  'register, one key, 5 values, 10 % unknown': { ...register, keys: 1, values: 5, unknown: 0.1 },
}

/**
 * Histories of 2,000 operations by 50 processes, each good, and with a lie at its very end that
 * only a complete search finds the violation: every one in under a second.
 */
export function registerCases(): CheckerCase[] {
  const hard = Object.entries(adversarial).map(([name, plan]) => ({
    ...caseOf(`${name}, valid`, simulateRegisters(plan, createRandom(name)), 'valid'),
    atMostMs: 10_000,
  }))
  const pairs = Object.entries(plans).flatMap(([name, plan]) => {
    const good = simulateRegisters(plan, createRandom(name))
    const bad = { ...good, events: [...good.events, ...lieAtTheEnd(good)] }
    return [caseOf(`${name}, valid`, good, 'valid'), caseOf(`${name}, invalid`, bad, 'invalid')]
  })
  return [...pairs, ...hard]
}

function caseOf(name: string, history: History, expected: 'valid' | 'invalid'): CheckerCase {
  return { name, expected, atMostMs: 1_000, judge: () => checkLinearizable(history) }
}

/** Once all is quiet the first key is written, and then read as something else. */
function lieAtTheEnd({ header, events }: History): HistoryEvent[] {
  const [f, read] = header.model === 'kv' ? ['put', 'get'] : ['write', 'read']
  const base = { process: 1_000_000, key: 'k1', timeNs: events.length * 1_000 }
  return [
    { ...base, type: 'invoke', f, value: 'first' },
    { ...base, type: 'ok', f },
    { ...base, type: 'invoke', f: read },
    { ...base, type: 'ok', f: read, value: 'second' },
  ]
}
