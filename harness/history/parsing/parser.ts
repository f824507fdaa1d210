import { InputError, messageOf } from '../../core/errors.ts'
import { isDeeperThan, mostLevels } from '../../core/nesting.ts'
import {
  type HistoryHeader,
  isFault,
  type Model,
  type OperationEvent,
  type RecordedEvent,
} from '../operations.ts'
import {
  findEventProblem,
  findGeneralProblem,
  findHeaderProblem,
} from '../schema/validate-event.ts'
import { isCutShort } from './cut-short.ts'
import { normalizeEvent } from './normalize.ts'
import { findOrderProblem } from './open-requests.ts'

export interface HistorySink {
  header(header: HistoryHeader): void
  event(event: RecordedEvent): void
  /** One line, naming file and line: something odd that changes no verdict. */
  warning(text: string): void
}

export interface ParserOptions {
  /** Named in every error. */
  readonly file: string
  /** Judge by this model, whatever the header says. */
  readonly model?: Model
  /** Accepts any `f`: for readers that show a history and do not judge it. */
  readonly anyOperation?: true
}

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

function createLineParser(options: ParserOptions, sink: HistorySink) {
  const { file, model: override } = options
  const findProblem = options.anyOperation ? findGeneralProblem : findEventProblem
  const open = new Map<number, OperationEvent>()
  let number = 0
  let model: Model | undefined
  let lastNs = 0
  /** Lines in a row, up to this one, that are empty: only at the end nothing is missing there. */
  let empty = 0
  const warned = new Set<string>()

  const refuse = (problem: string, cause?: unknown): never => {
    throw new InputError(`${file}:${number}: ${problem}`, { file, line: number }, cause)
  }
  const warnOnce = (odd: string) => {
    if (warned.has(odd)) return
    warned.add(odd)
    sink.warning(`${file}:${number}: ${odd}; the order of the lines counts`)
  }
  const accept = (parsed: unknown) => {
    if (model === undefined) {
      const problem = findHeaderProblem(parsed, override)
      if (problem !== undefined) refuse(problem)
      const header = parsed as HistoryHeader
      model = override ?? header.model
      return sink.header(header)
    }
    const { line, odd } = normalizeEvent(parsed, { open, lastNs })
    const problem = findProblem(line, model)
    if (problem !== undefined) refuse(problem)
    if (odd !== undefined) warnOnce(odd)
    const event = line as RecordedEvent
    if (!isFault(event)) {
      const conflict = findOrderProblem(open, event)
      if (conflict !== undefined) refuse(conflict)
    }
    if (event.timeNs < lastNs) warnOnce('`timeNs` goes backwards')
    lastNs = event.timeNs
    sink.event(event)
  }
  const parse = (text: string): unknown => {
    try {
      const parsed: unknown = JSON.parse(text)
      if (!isDeep(text, parsed)) return parsed
    } catch (thrown) {
      return refuse(`Expected one JSON object a line, got ${foundIn(text, thrown)}`, thrown)
    }
    return refuse(`Expected values nested at most ${mostLevels} deep, got deeper ones`)
  }
  return {
    refuseNext: (problem: string): never => {
      number++
      return refuse(problem)
    },
    line: (text: string) => {
      if (text.trim() === '') {
        empty++
        return
      }
      if (empty > 0) {
        number++
        refuse('Expected one JSON object a line, got an empty line')
      }
      number++
      accept(parse(text))
    },
    lastWithoutNewline: (text: string) => {
      number += 1 + empty
      if (!isCutShort(text) || model === undefined) return accept(parse(text))
      sink.warning(`${file}:${number}: the last line is incomplete and was left out`)
    },
    end: () => {
      if (model === undefined) {
        number = 1
        refuse('Expected the first line to be a header, got nothing')
      }
    },
  }
}

/** Every level takes two characters at least, so that only long lines are looked at. */
function isDeep(text: string, parsed: unknown): boolean {
  return text.length > 2 * mostLevels && isDeeperThan(parsed, mostLevels)
}

const shown = 40

function foundIn(text: string, thrown: unknown): string {
  const begins = text.length > shown ? `${text.slice(0, shown)}…` : text
  return `\`${begins}\`: ${messageOf(thrown).split(', "')[0]}`
}
