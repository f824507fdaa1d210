/** Castagnoli's polynomial, reflected: Node's `zlib.crc32` has another. */
const polynomial = 0x82f63b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0)
  }
  return remainder
})

/** CRC-32C of the bytes; `before` continues the checksum of what precedes them. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let remainder = ~before
  for (const byte of bytes) {
    remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] as number)
  }
  return ~remainder >>> 0
}
