import type { BranchedMap } from './branched-map.ts'

/** Where a command of a script stands: in which arm of which `if`, the outermost first. */
export type Branches = readonly Branch[]

interface Branch {
  /** The number of its `if` in the script. */
  readonly at: number
  readonly arm: number
}

/**
 * Follows the arms of each `if`: an arm begins with what was known before the `if`, whatever another arm
 * set, and behind the `fi` holds what the last arm that set it has.
 */
export class BranchTracker {
  readonly #maps: readonly BranchedMap<unknown>[]
  readonly #open: Open[] = []
  #count = 0

  /** `maps` are changed where an arm begins and where an `if` ends. */
  constructor(maps: readonly BranchedMap<unknown>[]) {
    this.#maps = maps
  }

  get branches(): Branches {
    return this.#open.map(({ at, arms }) => ({ at, arm: arms.length }))
  }

  /** Takes a word that a command begins with. */
  enter(keyword: string): void {
    if (keyword === 'if') {
      this.#open.push({ at: this.#count++, arms: [] })
      for (const map of this.#maps) map.beginArm()
      return
    }
    const current = this.#open.at(-1)
    if (current === undefined) return
    if (keyword === 'elif' || keyword === 'else') {
      current.arms.push(this.#maps.map((map) => map.endArm()))
      for (const map of this.#maps) map.beginArm()
    } else if (keyword === 'fi') {
      this.#open.pop()
      for (const [index, map] of this.#maps.entries()) {
        map.endBranches(current.arms.flatMap((arm) => arm[index] ?? []))
      }
    }
  }
}

interface Open {
  readonly at: number
  /** What each arm before the current one had set, of each map. */
  readonly arms: (readonly ReadonlyMap<string, unknown>[])[]
}

/** Whether a run of the script comes to one of the two commands at most. */
export function areAlternatives(one: Branches, other: Branches): boolean {
  return one.some(({ at, arm }) => other.some((each) => each.at === at && each.arm !== arm))
}
