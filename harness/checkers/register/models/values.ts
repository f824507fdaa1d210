/**
 * The text of a JSON value in which the order of an object's members does not show: two values
 * are deeply equal exactly when their texts are. Undefined counts as null.
 */
export function canonical(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** Gives equal keys equal numbers, counting from `first`. */
export function createInterner(first: number): { of(key: string): number; size(): number } {
  const ids = new Map<string, number>()
  return {
    of: (key) => {
      const known = ids.get(key)
      if (known !== undefined) return known
      const id = first + ids.size
      ids.set(key, id)
      return id
    },
    size: () => ids.size,
  }
}
