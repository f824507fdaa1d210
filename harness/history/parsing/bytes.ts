import { isUtf8 } from 'node:buffer'
import type { HistoryParser } from './parser.ts'

const newline = 10

/**
 * Hands a file's bytes to the parser as text, line by line, and holds one incomplete line. Bytes
 * that are not UTF-8 are refused with their line: read as replacement characters, two values that
 * differ would become one. In a last line that was cut off they are part of what is left out.
 */
export async function parseBytes(
  pieces: AsyncIterable<Buffer>,
  parser: HistoryParser,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0)
  let hasLines = false
  for await (const piece of pieces) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const end = all.lastIndexOf(newline) + 1
    hasLines ||= end > 0
    pushLines(all.subarray(0, end), parser)
    rest = all.subarray(end)
    parser.expectRoom(rest.length)
  }
  const last = rest.toString('utf8')
  parser.push(last)
  if (!isUtf8(rest) && (!hasLines || last.trimEnd().endsWith('}'))) parser.refuseNext(notText)
}

const notText = 'Expected a line of UTF-8 text, got other bytes'

function pushLines(lines: Buffer, parser: HistoryParser): void {
  if (isUtf8(lines)) {
    parser.push(lines.toString('utf8'))
    return
  }
  let start = 0
  while (start < lines.length) {
    const end = lines.indexOf(newline, start) + 1
    const line = lines.subarray(start, end)
    if (!isUtf8(line)) parser.refuseNext(notText)
    parser.push(line.toString('utf8'))
    start = end
  }
}
