import { createHash } from 'node:crypto'

/**
 * A seeded stream of choices. The same seed and the same calls give the same values on every
 * machine. `fork(name)` gives an independent stream, so that one consumer drawing more does not
 * change what another draws.
 */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number
  /** Uniform integer in [min, max], both included. */
  int(min: number, max: number): number
  /** Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T
  /** A new list, in which every order is equally likely. */
  shuffle<T>(items: readonly T[]): T[]
  fork(name: string): Random
}

/** A stream from its beginning; a number and its decimal text are one seed. */
export function createRandom(seed: number | string): Random {
  const state = stateOf(String(seed))
  const float = () => nextUint32(state) / 2 ** 32
  const int = (min: number, max: number) => min + Math.floor(float() * (max - min + 1))
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('Expected at least one item to pick from, got 0')
    return items[int(0, items.length - 1)] as T
  }
  return {
    float,
    int,
    pick,
    shuffle: (items) => {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = int(0, last)
        const held = shuffled[last] as (typeof shuffled)[number]
        shuffled[last] = shuffled[other] as (typeof shuffled)[number]
        shuffled[other] = held
      }
      return shuffled
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}

/** A fresh seed for a run that was given none: a 31-bit integer, easy to type again. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}

function stateOf(seed: string): Uint32Array {
  const digest = createHash('sha256').update(seed).digest()
  return Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset))
}

/** sfc32: small, fast, passes PractRand; 128 bits of state. */
function nextUint32(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state
  const sum = (a + b + d) >>> 0
  state[3] = d + 1
  state[0] = b ^ (b >>> 9)
  state[1] = c + (c << 3)
  state[2] = ((c << 21) | (c >>> 11)) + sum
  return sum
}
