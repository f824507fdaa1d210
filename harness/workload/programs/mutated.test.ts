import { expect, test } from 'vitest'
import { appendListsChecker } from '../../checkers/append-lists.ts'
import { bankChecker } from '../../checkers/bank.ts'
import type { Checker } from '../../checkers/checker.ts'
import { createRandom, type Random } from '../../core/random.ts'
import type { HistoryEvent, OperationEvent } from '../../history/operations.ts'
import type { Completion } from '../../history/recorder.ts'
import { invocationOf, type Request, type TxnStep } from '../../history/request.ts'
import { type Client, txn } from '../program.ts'
import { type SimulatedStore, simulateStore } from '../testing/simulate-store.ts'
import type { ProgramName } from '../workload.ts'
import { programs } from './index.ts'

type Cell = readonly [key: string, value: string, mod: number]
type Answer = SimulatedStore['answer']

const seeds = Array.from({ length: 50 }, (_, seed) => seed + 1)
const requests = 200

/** The requests of three clients of a program, in turns, to a store in this process. */
function record(name: ProgramName, seed: number, answer = simulateStore().answer): HistoryEvent[] {
  const random = createRandom(seed)
  const clients = [0, 1, 2].map((client) =>
    programs[name]({ client, random: random.fork(`${client}`), leaseSlackMs: 0 }),
  )
  const turns = clients.map((client) => ({
    turn: client.turn(),
    outcome: { type: 'ok' } as Completion,
  }))
  const events: HistoryEvent[] = []
  while (events.length < 2 * requests) {
    const process = random.int(0, turns.length - 1)
    const mine = turns[process] as (typeof turns)[number]
    const next = mine.turn.next(mine.outcome)
    if (next.done === true) {
      mine.turn = (clients[process] as Client).turn()
      continue
    }
    const request = next.value as Request
    const invocation = invocationOf(request, { member: 'm1' })
    mine.outcome = answer(request)
    const at = { process, timeNs: events.length }
    events.push({ type: 'invoke', ...at, ...invocation })
    events.push({ ...at, f: invocation.f, ...mine.outcome })
  }
  return events
}

/** Loses one put of an acknowledged transaction whose loss a later answer shows. */
function forgetful(random: Random, shown: (value: string) => string): Answer {
  const { answer } = simulateStore()
  let spared = random.int(3, 12)
  const isNews = (step: TxnStep) => {
    const { value } = answer({ kind: 'get', key: step[1] })
    return step[0] === 'put' && typeof value === 'string' && shown(value) !== shown(step[2])
  }
  return (request) => {
    if (request.kind !== 'txn') return answer(request)
    const { compare, then } = request.value
    const lost = then.findIndex(isNews)
    const holds = answer(txn(compare, [])).applied
    if (lost < 0 || holds !== true || spared-- !== 0) return answer(request)
    const kept = txn(compare, then.toSpliced(lost, 1))
    return { ...answer(kept), value: then.map(() => null) }
  }
}

const judge = (checker: Checker, events: readonly HistoryEvent[]) =>
  checker.check({ history: { header: { format: 'gauntlet-history/1', model: 'etcd' }, events } })

/** The history with one changed answer: the first after the middle that `change` accepts. */
function changed(
  events: readonly HistoryEvent[],
  change: (answer: OperationEvent) => unknown,
): readonly HistoryEvent[] {
  for (const [at, event] of events.entries()) {
    if (at < events.length / 2 || event.type !== 'ok') continue
    const value = change(event as OperationEvent)
    if (value !== undefined) return events.with(at, { ...event, value } as HistoryEvent)
  }
  throw new RangeError('Expected an answer that the change applies to, got none')
}

const balanceOf = (value: string) => value.split(' ')[0] as string
const holdings = (cells: readonly Cell[]) => cells.map(([, value]) => Number(balanceOf(value)))

/** Changes a list of accounts; `from` is the first of the history that shows other balances. */
function changedList(
  events: readonly HistoryEvent[],
  change: (cells: readonly Cell[], at: number, from: readonly Cell[]) => readonly Cell[],
) {
  const lists = events.flatMap((event) =>
    event.type === 'ok' && event.f === 'range' ? [event.value as Cell[]] : [],
  )
  const from = lists.find((cells) => cells.length > 0) as Cell[]
  return changed(events, ({ f, value }) => {
    if (f !== 'range') return undefined
    const cells = value as readonly Cell[]
    const then = holdings(from)
    const at = holdings(cells).findIndex((one, index) => one > 0 && one !== then[index])
    return at < 0 ? undefined : change(cells, at, from)
  })
}

test.each<[string, Parameters<typeof changedList>[1]]>([
  ['drops an account', (cells, at) => cells.toSpliced(at, 1)],
  ['shows an account twice', (cells, at) => cells.toSpliced(at, 0, cells[at] as Cell)],
  ['shows an account as it was at first', (cells, at, from) => cells.with(at, from[at] as Cell)],
])('the bank checker detects a list that %s', (_, change) => {
  for (const seed of seeds) {
    const events = record('bank', seed)
    expect(judge(bankChecker, events).verdict).toBe('valid')
    expect(judge(bankChecker, changedList(events, change)).verdict).toBe('invalid')
  }
})

test('the bank checker detects the loss of half an acknowledged transfer', () => {
  for (const seed of seeds) {
    const answer = forgetful(createRandom(seed), balanceOf)
    expect(judge(bankChecker, record('bank', seed, answer)).verdict).toBe('invalid')
  }
})

test('the bank checker passes swapped accounts, whose total is right', () => {
  const swapped = changedList(record('bank', 1), (cells, at) => {
    const [one, other] = [cells[at], cells[(at + 1) % cells.length]] as [Cell, Cell]
    const values = new Map([
      [one[0], other[1]],
      [other[0], one[1]],
    ])
    return cells.map(([key, value, mod]) => [key, values.get(key) ?? value, mod])
  })
  expect(judge(bankChecker, swapped).verdict).toBe('valid')
})

/** Changes what a get showed of a list of at least four elements. */
const changedElements = (
  events: readonly HistoryEvent[],
  change: (elements: readonly string[]) => readonly string[],
) =>
  changed(events, ({ f, value }) => {
    const elements = f === 'get' && typeof value === 'string' ? value.split(' ') : []
    return elements.length < 4 ? undefined : change(elements).join(' ')
  })

test.each<[string, Parameters<typeof changedElements>[1]]>([
  ['drops an element', (elements) => elements.toSpliced(1, 1)],
  ['swaps two elements', ([one, two, ...rest]) => [two, one, ...rest] as string[]],
  ['shows an element twice', (elements) => elements.toSpliced(1, 0, elements[1] as string)],
  ['shows an older state at a newer revision', (elements) => elements.slice(0, -1)],
])('the append-lists checker detects an answer that %s', (_, change) => {
  for (const seed of seeds) {
    const events = record('append-lists', seed)
    expect(judge(appendListsChecker, events).verdict).toBe('valid')
    expect(judge(appendListsChecker, changedElements(events, change)).verdict).toBe('invalid')
  }
})

test('the append-lists checker detects the loss of an acknowledged append', () => {
  for (const seed of seeds) {
    const answer = forgetful(createRandom(seed), (value) => value)
    expect(judge(appendListsChecker, record('append-lists', seed, answer)).verdict).toBe('invalid')
  }
})
