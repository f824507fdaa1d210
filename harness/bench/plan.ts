import { InputError } from '../core/errors.ts'
import { type GeneratorName, type Load, type OperationName, operationNames } from '../load/index.ts'

/** What to measure; plain data. */
export interface BenchPlan {
  readonly generator: GeneratorName
  readonly operation: OperationName
  readonly target: 'all' | 'leader'
  /** Each number of clients is measured. */
  readonly clients: readonly number[]
  readonly connections: number | undefined
  /** Of an open loop; a closed loop without. */
  readonly ratePerS: number | undefined
  readonly keyBytes: number
  readonly valueBytes: number
  /** Distinct keys. */
  readonly keys: number
  readonly durationMs: number
  readonly mostRequests: number
  /** How often everything is measured, in turn. */
  readonly rounds: number
  /** Also measure an open loop at shares of what the closed one reached. */
  readonly sweep: boolean
}

/** Everything that a benchmark writes is under it, and is removed at the end. */
export const keyPrefix = 'gauntlet-bench/'

const highest = { clients: 100_000, keyBytes: 32_768, valueBytes: 1_048_576 } as const

/** Throws an InputError for what cannot be measured. */
export function expectMeasurable(plan: BenchPlan): void {
  const { clients, keys, keyBytes, valueBytes, generator, operation, ratePerS, sweep } = plan
  const leastKeyBytes = keyPrefix.length + String(keys).length
  for (const count of clients) expectWithin('--clients', count, [1, highest.clients])
  expectWithin('--keys', keys, [Math.max(...clients), Number.MAX_SAFE_INTEGER])
  expectWithin('--key-size', keyBytes, [leastKeyBytes, highest.keyBytes])
  expectWithin('--value-size', valueBytes, [0, highest.valueBytes])
  expectWithin('--rounds', plan.rounds, [1, 1_000])
  if (plan.connections !== undefined) {
    expectWithin('--connections', plan.connections, [1, highest.clients])
  }
  if (ratePerS !== undefined) expectWithin('--rate', ratePerS, [1, 10_000_000])
  if (generator !== 'lean' && operation !== operationNames[0]) {
    throw new InputError(
      `Expected \`--generator lean\` with \`--operation ${operation}\`, got ${generator}`,
    )
  }
  if (generator === 'gateway' && (ratePerS !== undefined || sweep)) {
    throw new InputError('Expected `--generator lean` or etcd3 for an open loop, got gateway')
  }
  if (sweep && ratePerS !== undefined) {
    throw new InputError('Expected either `--sweep` or `--rate`, got both')
  }
}

function expectWithin(option: string, value: number, [least, most]: readonly [number, number]) {
  if (value >= least && value <= most) return
  throw new InputError(`Expected \`${option}\` to be from ${least} to ${most}, got ${value}`, {
    option,
  })
}

/** The load of one point of the plan. */
export function loadOf(
  plan: BenchPlan,
  point: { readonly clients: number; readonly ratePerS: number | undefined },
): Omit<Load, 'targets' | 'gatewayPrefix'> {
  const { operation, connections, keyBytes, valueBytes, keys, durationMs, mostRequests } = plan
  return {
    operation,
    connections,
    keyBytes,
    valueBytes,
    keys,
    keyPrefix,
    mostRequests,
    ...point,
    warmUpMs: Math.min(1_000, durationMs / 4),
    windowMs: durationMs,
    timeoutMs: 10_000,
  }
}
