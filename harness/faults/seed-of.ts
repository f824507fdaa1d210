import { createRandom } from '../core/random.ts'

const greatest = 2 ** 31 - 1

/**
 * The seed of what a fault draws at one target, by a program of the toolbox: another for every fault
 * and target, from the run's seed. Without one it follows from the two names alone.
 */
export function seedOf(fault: string, target: string, seed?: number): number {
  return createRandom(`${seed ?? ''}/${fault}/${target}`).int(0, greatest)
}
