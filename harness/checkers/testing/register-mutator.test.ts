import { expect, test } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { checkLinearizable } from '../linearizability.ts'
import { mutateRegister, mutations } from './register-mutator.ts'
import { oracleVerdict } from './register-oracle.ts'
import { simulateRegisters } from './register-simulator.ts'

const models = ['cas-register', 'kv'] as const
const cases = models.flatMap((model) => mutations.map((mutation) => [model, mutation] as const))

test.each(cases)(
  '%s: "%s" in a valid history is invalid whenever the oracle says so',
  (model, mutation) => {
    let invalid = 0
    let made = 0
    for (let seed = 0; seed < 400; seed++) {
      const random = createRandom(`${model} ${mutation} ${seed}`)
      const plan = { model, operations: 7, processes: random.int(1, 3), keys: 1, values: 0 }
      const broken = mutateRegister(simulateRegisters(plan, random), mutation, random)
      if (broken === undefined) continue
      made++
      const { verdict } = checkLinearizable(broken)
      expect(verdict).toBe(oracleVerdict(broken))
      if (verdict === 'invalid') invalid++
    }
    const isPossible = !(model === 'kv' && mutation === 'refused')
    expect(made > 50).toBe(isPossible)
    expect(invalid > 10).toBe(isPossible)
  },
)

test.each(cases)(
  '%s: "%s" in a history of two thousand operations is invalid',
  (model, mutation) => {
    if (model === 'kv' && mutation === 'refused') return
    const random = createRandom(`large ${model} ${mutation}`)
    const plan = { model, operations: 2_000, processes: 5, keys: 3, values: 0, unknown: 0.01 }
    const good = simulateRegisters(plan, random)
    expect(checkLinearizable(good).verdict).toBe('valid')
    const verdicts = Array.from({ length: 12 }, () => {
      const broken = mutateRegister(good, mutation, random)
      return broken && checkLinearizable(broken).verdict
    })
    expect(verdicts).toContain('invalid')
  },
)
