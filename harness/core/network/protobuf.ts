/** The fields of a protobuf message by number; of one that repeats, all its values in order. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Buffer)[]>

/**
 * Splits a protobuf message into its fields: varints and fixed numbers as bigints, texts, bytes and
 * inner messages as buffers. For the few answers that are read before a client with its definitions
 * is there. Throws a RangeError for bytes that are no message.
 */
export function readProtobuf(bytes: Buffer): ProtobufFields {
  const fields = new Map<number, (bigint | Buffer)[]>()
  let at = 0
  while (at < bytes.length) {
    const tag = readVarint()
    const number = Number(tag >> 3n)
    const value = readValue(Number(tag & 7n))
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields

  function readValue(wireType: number): bigint | Buffer {
    if (wireType === 0) return readVarint()
    if (wireType === 1) return take(8).readBigUInt64LE()
    if (wireType === 2) return take(Number(readVarint()))
    if (wireType === 5) return BigInt(take(4).readUInt32LE())
    throw new RangeError(`Expected a protobuf message, got wire type ${wireType} at byte ${at}`)
  }

  function readVarint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError(`Expected a protobuf message, got a number without an end at byte ${at}`)
  }

  function take(count: number): Buffer {
    if (at + count > bytes.length) {
      throw new RangeError(`Expected a protobuf message, got ${bytes.length} bytes of a longer one`)
    }
    at += count
    return bytes.subarray(at - count, at)
  }
}

/** A field's value: a varint, or bytes. */
export type ProtobufValue = bigint | Buffer

/** A message of these fields, in their order. */
export function writeProtobuf(fields: readonly (readonly [number, ProtobufValue])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) =>
      typeof value === 'bigint'
        ? [varint(BigInt(number << 3)), varint(value)]
        : [varint(BigInt((number << 3) | 2)), varint(BigInt(value.length)), value],
    ),
  )
}

/** A negative number has ten bytes, as the format wants it. */
function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
