import { createRandom } from '../../core/random.ts'
import { estimateMs } from '../../scenario/run-estimate.ts'
import type { Scenario } from '../../scenario/scenario.ts'

/** What one night runs. */
export interface NightlyPlan {
  /** Ids, chaos last. */
  readonly scenarios: readonly string[]
  /** How long each chaos lasts. */
  readonly chaosMs: number
  /** After this time of the night no other scenario begins, so that the chaos has its own. */
  readonly lastBeginMs: number
}

/** Scenarios take longer on a busy machine than their lengths say, and a chaos that breaks is shrunk. */
const share = { scenarios: 0.4, chaos: 0.33 }
const leastChaosMs = 30_000
/** For the scenario under way when the chaos is due, and for what a chaos takes beyond its own time. */
const room = { share: 0.3, mostMs: 150_000 }

/**
 * A sample of the scenarios in the order that the seed draws, one suite after the other in turns, for
 * two fifths of the time, and one chaos for a third of it; the rest is room. Another seed takes
 * others, so that the nights together run all of them.
 */
export function planNight(
  scenarios: readonly Scenario[],
  { durationMs, seed }: { readonly durationMs: number; readonly seed: number },
): NightlyPlan {
  const random = createRandom(seed)
  const bySuite = Map.groupBy(
    random.shuffle(scenarios.filter(({ chaos }) => chaos !== true)),
    ({ id }) => id.split('/')[0],
  )
  const turns = interleave(random.shuffle([...bySuite.values()]))
  const run = { depth: 'full', timeScale: 1 } as const
  const taken: string[] = []
  let leftMs = durationMs * share.scenarios
  for (const scenario of turns) {
    const ms = estimateMs(scenario, run)
    if (ms > leftMs) continue
    leftMs -= ms
    taken.push(scenario.id)
  }
  const chaosMs = Math.max(leastChaosMs, Math.round(durationMs * share.chaos))
  const [chaos] = random.shuffle(scenarios.filter(({ chaos }) => chaos === true))
  return {
    scenarios: [...taken, ...(chaos === undefined ? [] : [chaos.id])],
    chaosMs,
    lastBeginMs: durationMs - chaosMs - Math.min(room.share * durationMs, room.mostMs),
  }
}

function interleave<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  ).flat()
}
