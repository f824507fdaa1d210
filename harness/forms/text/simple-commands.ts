import { type Assign, entriesOf } from './shell.ts'
import type { Variables } from './shell-parameters.ts'

/** A command of a line, with where its input comes from and where what it prints goes. */
export interface SimpleCommand {
  readonly words: readonly string[]
  readonly redirections: readonly Redirection[]
  /** What the command before it prints is its input. */
  readonly isPiped: boolean
}

interface Redirection {
  /** `>`, `>>`, `<<` and the like. */
  readonly operator: string
  /** Of the stream, where it is given: 2 is the standard error. */
  readonly number?: string
  /** The file; of a here-document what ends it. */
  readonly target: string
}

/**
 * The commands of one line: what `;`, `&&`, `|`, `&` and parentheses separate. Each is read when it is asked
 * for, so that it sees what those before it have set.
 */
export function* simpleCommands(
  line: string,
  variables: Variables,
  assign?: Assign,
): Generator<SimpleCommand, void> {
  let current: Mutable = { words: [], redirections: [], isPiped: false }
  let open: Omit<Redirection, 'target'> | undefined
  const isSomething = ({ words, redirections }: Mutable) => words.length + redirections.length > 0
  for (const entry of entriesOf(line, variables, assign)) {
    if ('words' in entry) {
      if (open !== undefined) current.redirections.push({ ...open, target: entry.words.join(' ') })
      else current.words.push(...entry.words)
      open = undefined
    } else if (/[<>]/.test(entry.operator)) open = entry
    else {
      if (isSomething(current)) yield current
      current = { words: [], redirections: [], isPiped: entry.operator === '|' }
    }
  }
  if (isSomething(current)) yield current
}

interface Mutable extends SimpleCommand {
  readonly words: string[]
  readonly redirections: Redirection[]
}
