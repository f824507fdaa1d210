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
export class BranchTracker<Set extends { readonly value: string }> {
  /** Of names that the arms of an `if` set in different ways, what an arm before the last one set. */
  readonly others = new Map<string, Set>()
  readonly #set: BranchedMap<Set>
  readonly #values: BranchedMap<string>
  readonly #open: Open<Set>[] = []
  #count = 0

  /** The maps are changed where an arm begins and where an `if` ends. */
  constructor(set: BranchedMap<Set>, values: BranchedMap<string>) {
    this.#set = set
    this.#values = values
  }

  get branches(): Branches {
    return this.#open.map(({ at, set }) => ({ at, arm: set.length }))
  }

  /** Takes a word that a command begins with. */
  enter(keyword: string): void {
    if (keyword === 'if') {
      this.#open.push({ at: this.#count++, set: [], values: [] })
      this.#beginArm()
      return
    }
    const current = this.#open.at(-1)
    if (current === undefined) return
    if (keyword === 'elif' || keyword === 'else') {
      current.set.push(this.#set.endArm())
      current.values.push(this.#values.endArm())
      this.#beginArm()
    } else if (keyword === 'fi') {
      this.#open.pop()
      this.#set.endBranches(current.set)
      this.#values.endBranches(current.values)
      for (const [name, own] of current.set.flatMap((arm) => [...arm])) {
        if (this.#set.get(name)?.value !== own.value) this.others.set(name, own)
      }
    }
  }

  #beginArm(): void {
    this.#set.beginArm()
    this.#values.beginArm()
  }
}

interface Open<Set> {
  readonly at: number
  /** What each arm before the current one had set, of each map. */
  readonly set: ReadonlyMap<string, Set>[]
  readonly values: ReadonlyMap<string, string>[]
}

/** Whether a run of the script comes to one of the two commands at most. */
export function areAlternatives(one: Branches, other: Branches): boolean {
  return one.some(({ at, arm }) => other.some((each) => each.at === at && each.arm !== arm))
}
