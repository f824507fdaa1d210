import { parse } from 'shell-quote'
import { quoteForShell } from './quote.ts'
import { unresolved } from './unresolved.ts'

/** The words of one command line, with its variables replaced; unknown ones stay as they are. */
export function shellWords(
  command: string,
  variables: ReadonlyMap<string, string> = new Map(),
): string[] {
  const entries = parseLine(command, variables)
  return entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : patternOf(entry)))
}

/** The commands of one line: what `;`, `&&`, `|`, `&` and parentheses separate. */
export function simpleCommands(
  line: string,
  variables: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  const commands: string[][] = [[]]
  let isRedirected = false
  for (const entry of parseLine(splitLists(line, variables), variables)) {
    const words = typeof entry === 'string' ? [entry] : patternOf(entry)
    const current = commands.at(-1) ?? []
    if (words.length > 0) {
      // The word behind `>` is a file.
      if (!isRedirected) current.push(...words)
      isRedirected = false
    } else if (typeof entry === 'object' && 'op' in entry) {
      isRedirected = /[<>]/.test(entry.op)
      // `2>&1`: the number before a redirection is no argument.
      if (isRedirected && /^\d$/.test(current.at(-1) ?? '')) current.pop()
      if (!isRedirected) commands.push([])
    }
  }
  return commands.filter((words) => words.length > 0)
}

/** Stands for `"$@"`, whose words nobody knows here. */
export const allArguments = '\u{10fffd}'

/**
 * The value of `${NAME}`, `${NAME:-default}` and their like, as the shell replaces them. What no
 * variable is known for stays as it is written, and is marked.
 */
function parameterValue(parameter: string, variables: ReadonlyMap<string, string>): string {
  if (parameter === '@' || parameter === '*') return allArguments
  const [, name = '', operator = '', word = ''] = /^(\w+)(:?[-=?+])?(.*)$/s.exec(parameter) ?? []
  const value = variables.get(name)
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined
  if (operator.endsWith('+')) return isSet ? word : ''
  if (isSet) return value ?? ''
  if (operator.endsWith('-') || operator.endsWith('=')) return word
  return value ?? unresolved(`\${${parameter}}`)
}

/** A text with its `$NAME` and `${NAME:-default}` replaced, and `$$` by `$`: no shell is in between. */
export function expandParameters(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\{([^}]*)\}|\$(\w+)/g, (match, braced?: string, bare?: string) => {
    const parameter = braced ?? bare
    if (parameter === undefined) return '$'
    return /^\w/.test(parameter) ? parameterValue(parameter, variables) : match
  })
}

/** `$NAME` alone and without quotes is as many words as its value has. */
function splitLists(line: string, variables: ReadonlyMap<string, string>): string {
  return line.replaceAll(/(?<=\s)\$\{?(\w+)\}?(?=\s|$)/g, (match, name: string) => {
    const value = variables.get(name)
    if (value === undefined || !/\s/.test(value) || /[$`]/.test(value)) return match
    return value.trim().split(/\s+/).map(quoteForShell).join(' ')
  })
}

/** A substitution that the shell would refuse, such as `${`, leaves every `$` of the line as it is. */
function parseLine(line: string, variables: ReadonlyMap<string, string>) {
  const lookUp = (name: string) => parameterValue(name, variables)
  try {
    return parse(line, lookUp)
  } catch {
    return parse(line.replaceAll(/\\?\$/g, '\\$'), lookUp)
  }
}

/** A pattern such as `*` is a word: no file is looked up. Operators and comments are none. */
function patternOf(entry: Exclude<ReturnType<typeof parse>[number], string>): string[] {
  return 'pattern' in entry ? [entry.pattern] : []
}
