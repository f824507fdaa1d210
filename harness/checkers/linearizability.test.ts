import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { createRandom, type Random } from '../core/random.ts'
import { encodeHistory, readHistoryFile } from '../history/codec.ts'
import { type History, type HistoryEvent, isOperation } from '../history/operations.ts'
import type { CheckLimits } from './checker.ts'
import { checkLinearizable } from './linearizability.ts'
import { mutateRegister, mutations } from './testing/register-mutator.ts'
import { oracleVerdict } from './testing/register-oracle.ts'
import { type RegisterSimulation, simulateRegisters } from './testing/register-simulator.ts'

const seed = 20_418
const models = ['cas-register', 'kv'] as const
const folder = join(import.meta.dirname, '../../fixtures/histories')
const fixtures = readdirSync(folder).filter((name) => /^(cas-register|kv)-.*\.jsonl$/.test(name))

/** Judges `runs` histories by checker and oracle; says how often each verdict came. */
function compareWithOracle(runs: number, draw: (random: Random) => History) {
  const counts = { valid: 0, invalid: 0 }
  console.log(`fast-check seed ${seed}, ${runs} histories`)
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (drawn) => {
      const history = draw(createRandom(drawn))
      const expected = oracleVerdict(history)
      counts[expected]++
      const { verdict } = checkLinearizable(history)
      if (verdict !== expected) {
        throw new Error(`${verdict}, the oracle says ${expected}:\n${encodeHistory(history)}`)
      }
    }),
    { seed, numRuns: runs },
  )
  return counts
}

test.each(models)('every simulated %s history is valid', (model) => {
  const counts = compareWithOracle(1_500, (random) =>
    simulateRegisters(draw(model, random), random),
  )
  expect(counts).toEqual({ valid: 1_500, invalid: 0 })
})

test.each(models)('on mutated %s histories checker and oracle agree', (model) => {
  const counts = compareWithOracle(2_500, (random) => {
    const history = simulateRegisters(draw(model, random), random)
    const lies = Array.from({ length: random.int(1, 3) }, () => random.pick(mutations))
    return lies.reduce((before, lie) => mutateRegister(before, lie, random) ?? before, history)
  })
  expect(counts.invalid).toBeGreaterThan(150)
  expect(counts.valid).toBeGreaterThan(150)
})

test.each(models)('under high concurrency checker and oracle agree on %s histories', (model) => {
  const counts = compareWithOracle(1_000, (random) => {
    const plan = { ...draw(model, random), operations: random.int(7, 10), keys: 1 }
    const history = simulateRegisters({ ...plan, processes: random.int(5, 10) }, random)
    const lies = [random.pick(mutations), 'stale', random.pick(mutations)] as const
    return lies.reduce((before, lie) => mutateRegister(before, lie, random) ?? before, history)
  })
  expect(counts.invalid).toBeGreaterThan(50)
})

test.each(models)('on wholly random %s histories checker and oracle agree', (model) => {
  const counts = compareWithOracle(1_500, (random) => invent(model, random))
  expect(counts.invalid).toBeGreaterThan(150)
  expect(counts.valid).toBeGreaterThan(150)
})

test.each(fixtures)('fixture %s has the verdict in its name', async (name) => {
  const history = await readHistoryFile(join(folder, name))
  const expected = /-(valid|invalid|unknown)-/.exec(name)?.[1]
  const verdict = checkLinearizable(history, await limitsOf(name))
  expect(verdict.verdict).toBe(expected)
  if (expected !== 'unknown') expect(oracleVerdict(history)).toBe(expected)
  expect(verdict.operations).toBeGreaterThan(0)
})

/** Beside a history that cannot be decided in little room lies how little. */
async function limitsOf(name: string): Promise<CheckLimits> {
  if (!/^(cas-register|kv)-unknown-/.test(name)) return {}
  const file = join(folder, name.replace('.jsonl', '.limits.json'))
  return JSON.parse(await readFile(file, 'utf8')) as CheckLimits
}

test('there are fixtures of both verdicts for both models', () => {
  for (const model of models) {
    for (const verdict of ['valid', 'invalid']) {
      const some = fixtures.filter((name) => name.startsWith(`${model}-${verdict}-`))
      expect(some.length, `${model} ${verdict}`).toBeGreaterThan(3)
    }
  }
})

test('a history of another model is an InputError', () => {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  expect(() => checkLinearizable({ header, events: [] })).toThrow(InputError)
})

function draw(model: RegisterSimulation['model'], random: Random): RegisterSimulation {
  return {
    model,
    operations: random.int(1, 8),
    processes: random.int(1, 6),
    keys: random.pick([0, 1, 1, 2]),
    values: random.pick([0, 1, 2, 3]),
    unknown: random.pick([0, 0.2, 0.6]),
    failed: random.pick([0, 0.1]),
    mix: random.pick([
      [2, 1, 1],
      [2, 0, 2],
      [2, 1, 3],
      [1, 2, 3],
    ]),
    ...(random.float() < 0.3 ? { initial: model === 'kv' ? '1 ' : 1 } : {}),
  }
}

/** Answers drawn without asking what would be right. */
function invent(model: RegisterSimulation['model'], random: Random): History {
  const { events, header } = simulateRegisters(draw(model, random), random)
  const value = () => {
    const number = random.int(1, 2)
    return model === 'kv' ? random.pick(['', `${number} `, '1 2 ']) : random.pick([null, number])
  }
  const invented = events.map((event): HistoryEvent => {
    if (!isOperation(event) || event.type === 'invoke') return event
    const { applied: _applied, value: _value, ...rest } = event
    const type = random.pick(['ok', 'ok', 'ok', event.type, 'info', 'fail'] as const)
    if (event.f === 'cas') return { ...rest, type, applied: random.float() < 0.5 }
    const isRead = event.f === 'get' || event.f === 'read'
    return isRead && random.float() < 0.9 ? { ...rest, type, value: value() } : { ...rest, type }
  })
  return { header, events: invented }
}
