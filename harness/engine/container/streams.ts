export interface Output {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Splits the engine's multiplexed stream: frames of a type byte, three zeros, a big-endian length
 * and so many bytes. A frame cut short at the end keeps what it has. docker-modem's `demuxStream`
 * drops that, and calls itself once a frame: long logs exceed its stack.
 */
export function demultiplex(stream: Buffer): Output & { readonly merged: string } {
  const parts: { type: number; bytes: Buffer }[] = []
  for (let at = 0; at + 8 <= stream.length; ) {
    const lengthBytes = stream.readUInt32BE(at + 4)
    parts.push({ type: stream[at] ?? 0, bytes: stream.subarray(at + 8, at + 8 + lengthBytes) })
    at += 8 + lengthBytes
  }
  const join = (wanted: (type: number) => boolean) =>
    Buffer.concat(parts.filter(({ type }) => wanted(type)).map(({ bytes }) => bytes)).toString()
  return {
    stdout: join((type) => type !== 2),
    stderr: join((type) => type === 2),
    merged: join(() => true),
  }
}
