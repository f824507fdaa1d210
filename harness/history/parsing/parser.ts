import { createLineParser, type HistorySink, type ParserOptions } from './line-parser.ts'

/** Text goes in as it comes, in pieces of any size; the sink gets whole, checked events. */
export interface HistoryParser {
  push(text: string): void
  end(): void
  /** Throws for the line after those that were pushed. */
  refuseNext(problem: string): never
  /** Throws when an incomplete line is longer than any may be. */
  expectRoom(length: number): void
}

const longestLine = 16 * 2 ** 20
const byteOrderMark = '\uFEFF'

/**
 * A parser that holds one incomplete line and the open invocations, nothing else. Both calls throw
 * an InputError naming file and line. An incomplete last line without its newline, as a killed run
 * leaves it, becomes a warning.
 */
export function createParser(options: ParserOptions, sink: HistorySink): HistoryParser {
  const lines = createLineParser(options, sink)
  let rest = ''
  let isFirst = true
  const expectRoom = (length: number) => {
    if (length > longestLine) lines.refuseNext('Expected lines under 16 MiB, got a longer one')
  }
  return {
    expectRoom,
    refuseNext: lines.refuseNext,
    push: (text) => {
      const all = rest === '' ? text : rest + text
      let start = isFirst && all.startsWith(byteOrderMark) ? 1 : 0
      if (all !== '') isFirst = false
      for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
        lines.line(all.slice(start, end))
        start = end + 1
      }
      rest = all.slice(start)
      expectRoom(rest.length)
    },
    end: () => {
      if (rest.trim() !== '') lines.lastWithoutNewline(rest)
      rest = ''
      lines.end()
    },
  }
}
