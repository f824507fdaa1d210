const erase = '\r\u001B[2K'
const newline = 10
const intervalMs = 1_000

/**
 * Keeps a line at the bottom of a terminal up to date, below all that this process writes to the
 * stream. Does nothing where the stream is no terminal. Disposing erases it.
 */
export function openStatusLine(
  stream: NodeJS.WriteStream,
  text: () => string | undefined,
): Disposable {
  if (!stream.isTTY) return { [Symbol.dispose]: () => {} }
  const write = stream.write.bind(stream)
  const draw = () => {
    const line = text()
    write(line === undefined ? erase : `${erase}${line.slice(0, stream.columns - 1)}`)
  }
  let atLineStart = true
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    if (atLineStart) write(erase)
    const accepted = write(chunk as string, ...rest)
    atLineStart = Buffer.from(chunk).at(-1) === newline
    if (atLineStart) draw()
    return accepted
  }) as typeof stream.write
  const timer = setInterval(draw, intervalMs).unref()
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      stream.write = write
      write(erase)
    },
  }
}
