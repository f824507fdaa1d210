/**
 * A 64-bit integer of a response as a number. Throws a RangeError where it would round: revisions and
 * sizes are below 2^53 in every real cluster; ids are not, and stay text.
 */
export function safeInteger(text: string | number, field: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Expected \`${field}\` to be an integer below 2^53, got ${text}`)
  }
  return value
}

/** A decimal id as etcdctl prints it. */
export function hexId(decimal: string): string {
  return BigInt(decimal).toString(16)
}
