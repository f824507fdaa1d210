import type { StateId, Task } from './models/task.ts'

/**
 * What may be true after some of the events: what the register holds, and for every open operation
 * whether it is still owed, already placed, or neither (it may be placed, and need not).
 */
export interface Config {
  state: StateId
  /** The event index at which the last write was placed; -1 = none. What was open then may have
   * been placed just before it, unseen. */
  writtenAt: number
  /** A write was placed since the last event: another one would hide it. */
  hasWritten: boolean
  /** Two sets of slots, one after the other: owed, then placed. */
  bits: number[]
  trail: Trail | undefined
  /** A configuration that dominates it was found meanwhile. */
  isDominated: boolean
}

/** What was placed, last first. `early` ones stand just before the last write before them. */
export interface Trail {
  readonly task: Task
  readonly isEarly: boolean
  readonly before: Trail | undefined
  readonly length: number
}

export function withPlaced(before: Trail | undefined, task: Task, isEarly = false): Trail {
  return { task, isEarly, before, length: (before?.length ?? 0) + 1 }
}

export function copyOf(config: Config): Config {
  return { ...config, bits: config.bits.slice() }
}

export function has(bits: readonly number[], bit: number): boolean {
  return ((bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0
}

export function add(bits: number[], bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31))
}

export function remove(bits: number[], bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] as number) & ~(1 << (bit & 31))
}

export function isSame(one: Config, other: Config): boolean {
  if (one.state !== other.state || one.writtenAt !== other.writtenAt) return false
  if (one.hasWritten !== other.hasWritten) return false
  const { bits } = one
  for (let word = 0; word < bits.length; word++) {
    if (bits[word] !== other.bits[word]) return false
  }
  return true
}

export function hashOf({ state, writtenAt, hasWritten, bits }: Config): number {
  let hash = Math.imul(state ^ (hasWritten ? 0x5bd1e995 : 0), 0x9e3779b1) ^ writtenAt
  for (let word = 0; word < bits.length; word++) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ (bits[word] as number), 0x85ebca6b)
  }
  return (hash ^ (hash >>> 13)) | 0
}

/** Smaller is more promising: little owed, little spent. */
export function weightOf({ bits, state }: Config): number {
  const words = bits.length / 2
  let weight = state === 0 ? 1 : 0
  for (let word = 0; word < bits.length; word++) {
    weight += countBits(bits[word] as number) * (word < words ? 3 : 2)
  }
  return weight
}

export function countBits(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
