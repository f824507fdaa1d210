import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../core/random.ts'
import { encodeHistory } from '../history/codec.ts'
import { operations } from '../history/join.ts'
import type { History, HistoryEvent, Operation } from '../history/operations.ts'
import { checkSet, setChecker } from './set.ts'

const seed = 90_211
const runs = 4_000

/** Tries every order: of each operation whether it may be next, and whether an unknown add happens. */
function hasOrder(waiting: readonly Operation[], held: ReadonlySet<unknown>): boolean {
  const owed = waiting.filter(({ outcome }) => outcome === 'ok')
  if (owed.length === 0) return true
  const deadline = Math.min(...owed.map(({ completeIndex }) => completeIndex))
  return waiting.some((operation) => {
    if (operation.invokeIndex > deadline) return false
    const rest = waiting.filter((other) => other !== operation)
    if (operation.f === 'add') return hasOrder(rest, new Set([...held, operation.invoke.value]))
    return isSame(operation.completion?.value as readonly unknown[], held) && hasOrder(rest, held)
  })
}

function isSame(shown: readonly unknown[], held: ReadonlySet<unknown>): boolean {
  return shown.length === held.size && shown.every((element) => held.has(element))
}

function oracle(history: History): 'valid' | 'invalid' {
  const observable = operations(history).filter(
    ({ f, outcome }) => outcome === 'ok' || (f === 'add' && outcome === 'info'),
  )
  return hasOrder(observable, new Set()) ? 'valid' : 'invalid'
}

/** Clients add few elements, some twice, and read what is there, or something like it. */
function draw(random: Random): History {
  const events: HistoryEvent[] = []
  const open = new Map<number, HistoryEvent & { f: string }>()
  const held = new Set<unknown>()
  for (let left = random.int(2, 14); left > 0 || open.size > 0; left--) {
    const process = random.int(0, 3)
    const timeNs = events.length
    const invocation = open.get(process)
    if (invocation === undefined) {
      if (left <= 0) continue
      const value = random.int(1, 3)
      const f = random.pick(['add', 'read'])
      const event = { type: 'invoke', process, f, timeNs, ...(f === 'add' && { value }) } as const
      if (f === 'add' && random.float() < 0.5) held.add(value)
      open.set(process, event)
      events.push(event)
      continue
    }
    open.delete(process)
    const { f, value } = invocation as { f: string; value?: unknown }
    const type = f === 'read' ? 'ok' : random.pick(['ok', 'ok', 'ok', 'info', 'fail'] as const)
    if (f === 'add' && type === 'ok') held.add(value)
    const shown = [1, 2, 3].filter((element) => held.has(element) !== random.float() < 0.08)
    events.push({ type, process, f, timeNs, ...(f === 'read' && { value: shown }) })
  }
  return { header: { format: 'gauntlet-history/1', model: 'set' }, events }
}

test('checker and oracle agree on small histories', () => {
  const counts = { valid: 0, invalid: 0, unknown: 0 }
  console.log(`fast-check seed ${seed}, ${runs} histories`)
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (drawn) => {
      const history = draw(createRandom(drawn))
      const { verdict, reason } = checkSet(history)
      counts[verdict]++
      if (verdict === 'unknown') return
      expect(verdict, `${reason}\n${encodeHistory(history)}`).toBe(oracle(history))
    }),
    { seed, numRuns: runs },
  )
  console.log(counts)
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(runs / 10)
})

test('ten thousand adds and fifty reads of all of them take under thirty seconds of one core', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index)
  const add = values.flatMap((value): HistoryEvent[] => [
    { type: 'invoke', process: 0, f: 'add', timeNs: 0, value },
    { type: 'ok', process: 0, f: 'add', timeNs: 0 },
  ])
  const read: HistoryEvent[] = [
    { type: 'invoke', process: 1, f: 'read', timeNs: 0 },
    { type: 'ok', process: 1, f: 'read', timeNs: 0, value: values },
  ]
  const events = [...add, ...Array.from({ length: 50 }, () => read).flat()]
  const before = process.cpuUsage()
  const header = { format: 'gauntlet-history/1', model: 'set' } as const
  const { verdict } = setChecker.check({ history: { header, events } })
  expect(verdict).toBe('valid')
  expect(process.cpuUsage(before).user).toBeLessThan(30_000_000)
})
