/** What a command of a script prints: each line with the line of the script that it comes from. */
export interface Printed {
  readonly lines: readonly PrintedLine[]
  /** The last line has an end. */
  readonly isEnded: boolean
}

interface PrintedLine {
  readonly text: string
  readonly line: number
}

export const nothingPrinted: Printed = { lines: [], isEnded: true }

/** A text whose first line is that one, and each further one the next, up to the last. */
export function printed(
  text: string,
  { line, lastLine = Number.POSITIVE_INFINITY }: { line: number; lastLine?: number },
): Printed {
  if (text === '') return nothingPrinted
  const isEnded = text.endsWith('\n')
  const lines = (isEnded ? text.slice(0, -1) : text).split('\n')
  return {
    lines: lines.map((each, index) => ({ text: each, line: Math.min(line + index, lastLine) })),
    isEnded,
  }
}

/** One behind the other. */
export function joinPrinted(first: Printed, second: Printed): Printed {
  const [last, next] = [first.lines.at(-1), second.lines[0]]
  if (first.isEnded || last === undefined || next === undefined) {
    const { isEnded } = second.lines.length > 0 ? second : first
    return { lines: [...first.lines, ...second.lines], isEnded }
  }
  const joined = { ...last, text: last.text + next.text }
  const lines = [...first.lines.slice(0, -1), joined, ...second.lines.slice(1)]
  return { lines, isEnded: second.isEnded }
}

export function textOf({ lines, isEnded }: Printed): string {
  const text = lines.map((one) => one.text).join('\n')
  return lines.length > 0 && isEnded ? `${text}\n` : text
}
