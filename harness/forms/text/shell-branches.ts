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
  readonly #maps: readonly Map<string, unknown>[]
  readonly #open: Open[] = []
  #count = 0

  /** `maps` are changed where an arm begins and where an `if` ends. */
  constructor(maps: readonly Map<string, unknown>[]) {
    this.#maps = maps
  }

  get branches(): Branches {
    return this.#open.map(({ at, arms }) => ({ at, arm: arms.length }))
  }

  /** Takes a word that a command begins with. */
  enter(keyword: string): void {
    if (keyword === 'if') {
      this.#open.push({ at: this.#count++, before: this.#snapshot(), arms: [] })
    } else if (keyword === 'elif' || keyword === 'else') {
      const current = this.#open.at(-1)
      current?.arms.push(this.#snapshot())
      for (const [index, map] of this.#maps.entries()) replace(map, current?.before[index] ?? map)
    } else if (keyword === 'fi') this.#close()
  }

  #close(): void {
    const closed = this.#open.pop()
    if (closed === undefined) return
    for (const [index, map] of this.#maps.entries()) {
      const before = closed.before[index]
      const last = new Map(map)
      for (const arm of closed.arms) {
        for (const [name, value] of arm[index] ?? []) {
          const isOfArm = before?.get(name) !== value
          if (isOfArm && last.get(name) === before?.get(name)) map.set(name, value)
        }
      }
    }
  }

  #snapshot(): Snapshot {
    return this.#maps.map((map) => new Map(map))
  }
}

type Snapshot = readonly ReadonlyMap<string, unknown>[]

interface Open {
  readonly at: number
  readonly before: Snapshot
  /** What held at the end of each arm before the current one. */
  readonly arms: Snapshot[]
}

function replace(map: Map<string, unknown>, by: ReadonlyMap<string, unknown>): void {
  const entries = [...by]
  map.clear()
  for (const [name, value] of entries) map.set(name, value)
}

/** Whether a run of the script comes to one of the two commands at most. */
export function areAlternatives(one: Branches, other: Branches): boolean {
  return one.some(({ at, arm }) => other.some((each) => each.at === at && each.arm !== arm))
}
