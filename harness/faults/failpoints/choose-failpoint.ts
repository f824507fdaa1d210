import { setTimeout as delay } from 'node:timers/promises'
import { countPasses, readFailpoints } from '../../core/etcd/failpoints.ts'
import { createRandom } from '../../core/random.ts'

/** How often each failpoint was chosen, by fault and name. */
export type ChosenFailpoints = Map<string, number>

/** What the faults of one run have in common. */
export interface FailpointChoice {
  readonly names: readonly string[]
  /** Decides the order in which failpoints are tried. */
  readonly seed: number
  /** So far: those that were not chosen come first. */
  readonly chosen: ChosenFailpoints
}

/** How long a failpoint is given to be passed. */
const passMs = 500

/**
 * The failpoints that the member passes at this moment, the least chosen first. Which these are follows
 * from its role and its requests, so that no plan can name them before.
 */
export async function listPassed(
  endpoint: string,
  { names, seed, chosen }: FailpointChoice,
  fault: string,
): Promise<readonly string[]> {
  const before = await countAll(endpoint, names)
  await delay(passMs)
  const now = await countAll(endpoint, names)
  const passed = names.filter((name) => (now.get(name) ?? 0) > (before.get(name) ?? 0))
  return orderChoices(passed, { seed, timesChosen: (name) => chosen.get(`${fault}/${name}`) ?? 0 })
}

/** The least chosen first; of those that are alike the seed decides. */
export function orderChoices(
  names: readonly string[],
  { seed, timesChosen }: { readonly seed: number; timesChosen(name: string): number },
): readonly string[] {
  const shuffled = createRandom(`${seed}/failpoints`).shuffle([...names].sort())
  return shuffled.toSorted((a, b) => timesChosen(a) - timesChosen(b))
}

export function noteChoice({ chosen }: FailpointChoice, fault: string, name: string): void {
  const key = `${fault}/${name}`
  chosen.set(key, (chosen.get(key) ?? 0) + 1)
}

/** How many different failpoints were chosen. */
export function countChosen(chosen: ChosenFailpoints): number {
  return new Set([...chosen.keys()].map((key) => key.slice(key.indexOf('/') + 1))).size
}

/** Only a failpoint that has terms counts. */
async function countAll(
  endpoint: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const failpoints = await readFailpoints(endpoint)
  const counting = names.filter((name) => (failpoints.get(name) ?? '') !== '')
  const counted = counting.map(async (name) => [name, await countPasses(endpoint, name)] as const)
  return new Map(await Promise.all(counted))
}
