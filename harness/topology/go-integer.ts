/**
 * What Go's strconv.ParseInt makes of a text with base 0, as etcd reads its flags: `08` is undefined,
 * `010` is eight, `0x10` and `1_6` are sixteen. Of any size.
 */
export function goInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  const count = magnitudeOf(digits)
  return count === undefined || sign !== '-' ? count : -count
}

/** An underscore stands between two digits, or behind what names the base. */
function magnitudeOf(text: string): bigint | undefined {
  const digits = text.replaceAll('_', '').toLowerCase()
  if (/^0[xX](_?[\dA-Fa-f])+$|^0[bB](_?[01])+$|^0[oO](_?[0-7])+$/.test(text)) return BigInt(digits)
  if (/^0(_?[0-7])+$/.test(text)) return BigInt(`0o${digits.slice(1)}`)
  return /^(0|[1-9](_?\d)*)$/.test(text) ? BigInt(digits) : undefined
}
