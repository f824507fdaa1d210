/** Such as `[key, value]`, `[version, value]` and `[old, new]`. */
export type Pair = readonly [unknown, unknown]

export function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2
}
