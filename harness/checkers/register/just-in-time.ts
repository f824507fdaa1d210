import { add, type Config, copyOf, has, remove } from './config.ts'
import { createConfigSet } from './config-set.ts'
import { type CloseOutcome, linearizeReturn } from './linearize-return.ts'
import { type Partition, unseen } from './models/task.ts'
import { accepts, closeTask, createOpen, type Open, openBefore, openTask } from './open.ts'
import type { SearchLimits } from './search-limits.ts'
import { listSteps, type RegisterStep, type SlottedTask, type StepList } from './steps.ts'

/** `cut`: nothing was left, but some had been left out: a wider search may still find an order. */
export type SearchOutcome = 'valid' | 'invalid' | 'cut' | 'late'

export interface Search {
  readonly partition: Partition
  readonly plan: StepList
  /** The next step. */
  at: number
  open: Open
  frontier: Config[]
  /** Where configurations were left out first, with all of them. */
  cut: { readonly at: number; readonly frontier: readonly Config[] } | undefined
}

export function startSearch(partition: Partition): Search {
  const plan = listSteps(partition)
  const first: Config = {
    state: partition.space.initial,
    writtenAt: -1,
    hasWritten: false,
    bits: new Array<number>(plan.words * 2).fill(0),
    trail: undefined,
    isDominated: false,
  }
  return { partition, plan, at: 0, open: createOpen(plan.words), frontier: [first], cut: undefined }
}

/**
 * Goes on through the events with every configuration that is possible; at most `width` of them, the
 * most promising. An order that is found is an order whatever was left out; the outcome is `invalid`
 * only when nothing was. After `cut` the search stands where it first left something out.
 */
export function advance(search: Search, limits: SearchLimits): SearchOutcome {
  const { steps } = search.plan
  for (; search.at < steps.length; search.at++) {
    if (search.at % 64 === 0 && limits.isLate()) return 'late'
    const step = steps[search.at] as RegisterStep
    if (step.kind === 'open') openInAll(search, step.task)
    else if (step.kind === 'drop') drop(search, step)
    else {
      const outcome = close(search, step, limits)
      if (outcome !== 'on') return outcome
    }
  }
  return 'valid'
}

function openInAll({ frontier, open }: Search, task: SlottedTask): void {
  openTask(open, task)
  const mustHappen = task.returns !== Number.POSITIVE_INFINITY
  for (const config of frontier) {
    if (accepts(task.sight, config.state)) {
      config.trail = { task, isEarly: false, before: config.trail, length: lengthAfter(config) }
    } else if (mustHappen) add(config.bits, task.slot)
  }
}

const lengthAfter = ({ trail }: Config) => (trail?.length ?? 0) + 1

/** No later answer shows whether it happened. */
function drop(search: Search, { task }: RegisterStep): void {
  closeTask(search.open, task)
  const bit = search.plan.words * 32 + task.slot
  let changed = false
  for (const { bits } of search.frontier) {
    if (!has(bits, bit)) continue
    remove(bits, bit)
    changed = true
  }
  if (changed) dropDominated(search)
}

function close(search: Search, step: RegisterStep, limits: SearchLimits): 'on' | SearchOutcome {
  const { open, partition, plan } = search
  const moment = { goal: step.task, at: step.at, open, space: partition.space, words: plan.words }
  const closed: CloseOutcome = linearizeReturn(moment, search.frontier, limits)
  if (closed.isLate) return 'late'
  if (closed.isCut) search.cut ??= keep(search.at, search.frontier)
  if (closed.configs.length === 0) return search.cut === undefined ? 'invalid' : backtrack(search)
  closeTask(open, step.task)
  search.frontier = closed.configs
  forgetUnseenStates(search, step.at)
  if (closed.left !== undefined) search.cut ??= keep(search.at + 1, closed.left)
  return 'on'
}

function keep(at: number, frontier: readonly Config[]) {
  return { at, frontier: frontier.map(copyOf) }
}

function backtrack(search: Search): 'cut' {
  const { at, frontier } = search.cut as NonNullable<Search['cut']>
  search.at = at
  search.frontier = frontier.map(copyOf)
  search.open = openBefore(search.plan.steps, at, search.plan.words)
  search.cut = undefined
  return 'cut'
}

/** States that no later answer can tell apart become one. */
function forgetUnseenStates(search: Search, at: number): void {
  const { space } = search.partition
  let changed = false
  for (const config of search.frontier) {
    if (config.state === unseen || space.seenUntil(config.state) > at) continue
    config.state = unseen
    changed = true
  }
  if (changed) dropDominated(search)
}

function dropDominated(search: Search): void {
  if (search.frontier.length < 2) return
  const set = createConfigSet(search.open)
  for (const config of search.frontier) set.add(config)
  search.frontier = set.all()
}
