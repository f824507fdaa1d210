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

/** The lines of a history, one after the other. */
interface LineParser {
  line(text: string): void
  /** Of a file that was cut short, when the text is the beginning of JSON. */
  lastWithoutNewline(text: string): void
  end(): void
  /** Throws for the line after the last one. */
  refuseNext(problem: string): never
}

/** Each method throws an InputError that names file and line. */
export function createLineParser(options: ParserOptions, sink: HistorySink): LineParser {
  const { file, model: override } = options
  const findProblem = options.anyOperation ? findGeneralProblem : findEventProblem
  const open = new Map<number, OperationEvent>()
  let number = 0
  let model: Model | undefined
  let lastNs = 0
  /** Lines in a row, up to this one, that are empty: only at the end nothing is missing there. */
  let empty = 0
  const warned = new Set<string>()

  const refuse: RefuseLine = (problem, cause) => {
    throw new InputError(`${file}:${number}: ${problem}`, { file, line: number }, cause)
  }
  const warnOnce = (odd: string) => {
    if (warned.has(odd)) return
    warned.add(odd)
    sink.warning(`${file}:${number}: ${odd}; the order of the lines counts`)
  }
  const acceptHeader = (parsed: unknown) => {
    const problem = findHeaderProblem(parsed, override)
    if (problem !== undefined) refuse(problem)
    const header = parsed as HistoryHeader
    model = override ?? header.model
    sink.header(header)
  }
  const accept = (parsed: unknown) => {
    if (model === undefined) return acceptHeader(parsed)
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
      accept(parseLine(text, refuse))
    },
    lastWithoutNewline: (text: string) => {
      number += 1 + empty
      if (!isCutShort(text) || model === undefined) return accept(parseLine(text, refuse))
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

type RefuseLine = (problem: string, cause?: unknown) => never

function parseLine(text: string, refuse: RefuseLine): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    if (!isDeep(text, parsed)) return parsed
  } catch (thrown) {
    return refuse(`Expected one JSON object a line, got ${foundIn(text, thrown)}`, thrown)
  }
  return refuse(`Expected values nested at most ${mostLevels} deep, got deeper ones`)
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
