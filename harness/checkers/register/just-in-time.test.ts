import { expect, test } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { operations } from '../../history/join.ts'
import type { History } from '../../history/operations.ts'
import { checkLinearizable } from '../linearizability.ts'
import { mutateRegister, mutations } from '../testing/register-mutator.ts'
import { simulateRegisters } from '../testing/register-simulator.ts'
import { advance, type SearchOutcome, startSearch } from './just-in-time.ts'
import { casRegister } from './models/cas-register.ts'
import { kv } from './models/kv.ts'
import type { Partition, Task } from './models/task.ts'
import { canonical } from './models/values.ts'
import { orderOf } from './order.ts'
import { partitionsOf } from './partitions.ts'

const modelOf = (history: History) => (history.header.model === 'kv' ? kv : casRegister)

/** Searches with so little room that it must leave out and go back all the time. */
function judgeInLittleRoom(partition: Partition): { outcome: SearchOutcome; order: Task[] } {
  const search = startSearch(partition)
  for (let width = 1; ; width *= 2) {
    const outcome = advance(search, { width, isLate: () => false })
    if (outcome !== 'cut') return { outcome, order: orderOf(search.frontier[0]?.trail) }
  }
}

function* histories(count: number, size: number): Generator<History> {
  for (let seed = 0; seed < count; seed++) {
    const random = createRandom(`witness ${seed}`)
    const model = random.pick(['cas-register', 'kv'] as const)
    const plan = { model, operations: size, processes: random.int(2, 12), keys: random.int(0, 2) }
    const values = random.pick([0, 2, 4])
    yield simulateRegisters({ ...plan, values, unknown: 0.1, failed: 0.05 }, random)
  }
}

test('the order behind a valid verdict is complete, respects real time and explains every answer', () => {
  let orders = 0
  for (const history of histories(120, 120)) {
    const model = modelOf(history)
    for (const partition of partitionsOf(history, model).partitions) {
      const { outcome, order } = judgeInLittleRoom(partition)
      expect(outcome).toBe('valid')
      expectOrder(partition, order)
      expectAnswers(history, order)
      orders++
    }
  }
  expect(orders).toBeGreaterThan(120)
})

test('a narrow search with backtracking changes no verdict', () => {
  let invalid = 0
  for (const good of histories(150, 60)) {
    const random = createRandom(encodedLength(good))
    const history = mutateRegister(good, random.pick(mutations), random) ?? good
    const model = modelOf(history)
    const { partitions } = partitionsOf(history, model)
    const isInvalid = partitions.some((each) => judgeInLittleRoom(each).outcome === 'invalid')
    expect(isInvalid ? 'invalid' : 'valid').toBe(checkLinearizable(history).verdict)
    if (isInvalid) invalid++
  }
  expect(invalid).toBeGreaterThan(20)
})

test('an append open at the last write and a later one do not stand in for each other', () => {
  const random = createRandom('good2427')
  random.pick(['kv', 'cas-register', 'cas-register'])
  const [operations, processes] = [random.int(20, 120), random.int(2, 14)]
  const plan = {
    model: 'kv',
    operations,
    processes,
    keys: 1,
    values: random.pick([2, 3, 4, 0]),
  } as const
  const unknown = random.pick([0.05, 0.2, 0.4])
  const mixes = [
    [2, 1, 1],
    [2, 1, 3],
    [3, 2, 2],
    [2, 0, 2],
  ] as const
  expect(
    checkLinearizable(simulateRegisters({ ...plan, unknown, mix: random.pick(mixes) }, random))
      .verdict,
  ).toBe('valid')
})

const encodedLength = ({ events }: History) => JSON.stringify(events).length

function expectOrder({ tasks }: Partition, order: readonly Task[]): void {
  const places = new Map(order.map(({ called }, place) => [called, place]))
  expect(places.size).toBe(order.length)
  for (const { called, returns } of tasks) {
    if (returns !== Number.POSITIVE_INFINITY) expect(places.has(called)).toBe(true)
  }
  let latestCall = -1
  for (const { called, returns } of order) {
    expect(returns).toBeGreaterThan(latestCall)
    latestCall = Math.max(latestCall, called)
  }
}

/** By the operations' own words, not by the search's states. */
function expectAnswers(history: History, order: readonly Task[]): void {
  const known = new Map(operations(history).map((each) => [each.invokeIndex, each]))
  const isKv = history.header.model === 'kv'
  let value: unknown = history.header.initial ?? (isKv ? '' : null)
  for (const { called } of order) {
    const { f, invoke, completion } = known.get(called) ?? expect.fail('an unknown operation')
    const argument = invoke.value
    if (f === 'read' || f === 'get') expect(canonical(completion?.value)).toBe(canonical(value))
    else if (f === 'append') value = `${value}${argument}`
    else if (f === 'cas') {
      const [old, fresh] = argument as [unknown, unknown]
      expect(canonical(old) === canonical(value)).toBe(completion?.applied !== false)
      if (completion?.applied !== false) value = fresh
    } else value = argument
  }
}
