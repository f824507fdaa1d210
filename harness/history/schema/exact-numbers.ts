/**
 * The first number within a value that JavaScript does not tell from its neighbours, so that two
 * values would be one; undefined when every number is exact.
 */
export function findInexactNumber(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const member of Object.values(value)) {
    const number = findInexactNumber(member)
    if (number !== undefined) return number
  }
  return undefined
}
