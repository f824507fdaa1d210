/** What a script has set, by name. What an arm of an `if` changes can be undone where the arm ends. */
export class BranchedMap<Value> extends Map<string, Value> {
  /** Of each open arm: what it changed, with the value from before, undefined for none. */
  readonly #changed: Map<string, Value | undefined>[] = []

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    super()
    for (const [name, value] of entries) super.set(name, value)
  }

  override set(name: string, value: Value): this {
    this.#remember(name)
    return super.set(name, value)
  }

  override delete(name: string): boolean {
    this.#remember(name)
    return super.delete(name)
  }

  beginArm(): void {
    this.#changed.push(new Map())
  }

  /** Undoes what the arm changed; returns what it had set. */
  endArm(): ReadonlyMap<string, Value> {
    const changed = this.#changed.pop() ?? new Map()
    const arm = new Map<string, Value>()
    for (const [name, before] of changed) {
      const value = this.get(name)
      if (value !== undefined && value !== before) arm.set(name, value)
      if (before === undefined) super.delete(name)
      else super.set(name, before)
    }
    return arm
  }

  /** Ends the last arm and keeps what it changed, and what earlier ones set that it did not change. */
  endBranches(earlier: readonly ReadonlyMap<string, Value>[]): void {
    const changed = this.#changed.pop() ?? new Map()
    const isOfLast = (name: string) => changed.has(name) && this.get(name) !== changed.get(name)
    const others = earlier.flatMap((arm) => [...arm]).filter(([name]) => !isOfLast(name))
    const around = this.#changed.pop()
    if (around !== undefined) this.#changed.push(joinChanges(changed, around))
    for (const [name, value] of others) this.set(name, value)
  }

  #remember(name: string): void {
    const changed = this.#changed.at(-1)
    if (changed !== undefined && !changed.has(name)) changed.set(name, this.get(name))
  }
}

/** The changes of an arm within another: the value from before the outer one counts. */
function joinChanges<Value>(inner: Map<string, Value>, outer: Map<string, Value>) {
  // The smaller one moves, or ten thousand arms within each other would take a minute.
  if (inner.size > outer.size) {
    for (const [name, before] of outer) inner.set(name, before)
    return inner
  }
  for (const [name, before] of inner) if (!outer.has(name)) outer.set(name, before)
  return outer
}
