import { parse } from 'shell-quote'

/**
 * Finds the command line of etcd in a shell's text, with `\` continuations, variables, redirections
 * and other commands around it: the arguments behind the first word that is `etcd` or ends in
 * `/etcd`, up to what ends the command. Undefined when no word does. Variables that are not known
 * become empty.
 */
export function etcdArguments(
  script: string,
  variables: ReadonlyMap<string, string> = new Map(),
): { readonly args: readonly string[]; readonly line: number } | undefined {
  const joined = script.replaceAll(/\\\r?\n/g, ' ')
  for (const command of joined.split('\n')) {
    const args = argumentsIn(command, variables)
    if (args !== undefined) return { args, line: lineOf(script, command) }
  }
  return undefined
}

/** The words of one command line, with its variables replaced. */
export function shellWords(
  command: string,
  variables: ReadonlyMap<string, string> = new Map(),
): string[] {
  const entries = parse(command, (name) => variables.get(name) ?? '')
  return entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : wordOf(entry)))
}

function argumentsIn(command: string, variables: ReadonlyMap<string, string>) {
  const entries = parse(command, (name) => variables.get(name) ?? '')
  const at = entries.findIndex((entry) => typeof entry === 'string' && isEtcd(entry))
  if (at < 0) return undefined
  const args: string[] = []
  for (const entry of entries.slice(at + 1)) {
    if (typeof entry === 'string') args.push(entry)
    else if (wordOf(entry).length > 0) args.push(...wordOf(entry))
    else break
  }
  // `2>&1`: the number before a redirection is no argument.
  const ended = entries[at + 1 + args.length]
  const isRedirected = typeof ended === 'object' && 'op' in ended && /^>/.test(ended.op)
  return isRedirected && /^\d$/.test(args.at(-1) ?? '') ? args.slice(0, -1) : args
}

/** A pattern such as `*` is a word: no file is looked up. Operators and comments are none. */
function wordOf(entry: Exclude<ReturnType<typeof parse>[number], string>): string[] {
  return 'pattern' in entry ? [entry.pattern] : []
}

export function isEtcd(word: string): boolean {
  return /(^|\/)etcd$/.test(word)
}

function lineOf(script: string, joined: string): number {
  const words = joined.trim().split(/\s+/)
  const lines = script.split('\n')
  const first = lines.findIndex((line) => words[0] !== undefined && line.includes(words[0]))
  return first + 1
}

/** A word for a POSIX shell; plain words stay plain. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
