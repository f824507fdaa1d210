import type { Operation } from '../../history/operations.ts'
import { shorten } from '../verdict/format.ts'
import type { ViolationReport } from '../verdict/invalid.ts'
import type { Config } from './config.ts'
import type { Search } from './just-in-time.ts'
import { argumentOf, type RegisterModel } from './models/model.ts'
import type { Task } from './models/task.ts'
import { canonical } from './models/values.ts'
import { orderOf } from './order.ts'

export type RegisterViolation = Omit<ViolationReport<string>, 'code' | 'codes' | 'factsJudged'>

const shown = { values: 5, neighbours: 12, prefix: 200 }

/**
 * How far an order goes, and which operation fits no order. `search` has just ended as invalid: its
 * frontier is what was possible before the culprit.
 */
export function buildCounterexample(
  search: Search,
  model: RegisterModel,
  initial: unknown,
): RegisterViolation {
  const culprit = search.plan.steps[search.at]?.task as Task
  const orders = search.frontier.slice(0, 64).map((config) => orderOf(config.trail))
  const longest = orderOf(longestOf(search.frontier).trail)
  const replay = (order: readonly Task[]) =>
    order.reduce((value, { operation }) => model.apply(value, operation), initial)
  const possible = [...new Set(orders.map(replay).map(canonical))]
  const isPlaced = new Set(longest.map(({ called }) => called))
  const open = openAt(search, culprit)
    .filter(({ called }) => !isPlaced.has(called))
    .map(({ operation }) => operation)
  const asserted = assertionOf(culprit.operation)
  const expected = expectation(possible, open)
  const where =
    search.partition.key === undefined ? 'the register' : `key ${quote(search.partition.key)}`
  const { process, invokeIndex } = culprit.operation
  return {
    reason: `${where}: ${asserted} by process ${process} fits no order; ${expected}`,
    evidence: {
      ...(search.partition.key === undefined ? {} : { partition: search.partition.key }),
      culprit: invokeIndex,
      prefix: longest.slice(-shown.prefix).map(({ called }) => called),
      prefixOmitted: Math.max(0, longest.length - shown.prefix),
      involved: involvedIn(culprit, longest, open),
      expected,
      found: asserted,
    },
  }
}

function longestOf(frontier: readonly Config[]): Config {
  const length = (config: Config) => config.trail?.length ?? 0
  return frontier.reduce((most, config) => (length(config) > length(most) ? config : most))
}

/** The operations that may or may not have taken effect when the culprit returned. */
function openAt({ plan, at }: Search, culprit: Task): Task[] {
  const open = new Set<Task>()
  for (const { kind, task } of plan.steps.slice(0, at)) {
    if (kind === 'open') open.add(task)
    else open.delete(task)
  }
  open.delete(culprit)
  return [...open].filter(({ effect }) => effect !== undefined)
}

function expectation(possible: readonly string[], open: readonly Operation[]): string {
  const few = possible.slice(0, shown.values).map(shorten).join(' or ')
  const more = possible.length > shown.values ? ' or others' : ''
  const operations = open.length === 1 ? '1 open operation' : `${open.length} open operations`
  const changed = open.length === 0 ? '' : `, changed or not by ${operations}`
  return `the value can only be ${few}${more}${changed}`
}

function assertionOf(operation: Operation): string {
  const { f, completion } = operation
  if (f === 'read' || f === 'get') return `${f} of ${shorten(canonical(completion?.value))}`
  const argument = shorten(canonical(argumentOf(operation)))
  return completion?.applied === false ? `refused ${f} ${argument}` : `${f} ${argument}`
}

function involvedIn(culprit: Task, prefix: readonly Task[], open: readonly Operation[]): number[] {
  const last = prefix.slice(-shown.neighbours).map(({ called }) => called)
  const beside = open.slice(-shown.neighbours).map(({ invokeIndex }) => invokeIndex)
  return [...new Set([...last, ...beside, culprit.called])].sort((one, other) => one - other)
}

const quote = (text: string) => shorten(JSON.stringify(text))
