import { takesNoValue } from '../etcd/boolean-flags.ts'
import type { EmbeddedFile, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import { BranchedMap } from './branched-map.ts'
import { type FoundEtcd, findEtcd, isEtcd, isRuntime } from './find-etcd.ts'
import { filesWritten } from './here-documents.ts'
import { simpleCommands } from './shell.ts'
import { type Branches, BranchTracker } from './shell-branches.ts'
import { type ShellLine, shellLines } from './shell-lines.ts'
import type { Variables } from './shell-parameters.ts'
import { allArguments, isMarked, withoutMarks } from './unresolved.ts'

/** A command of a script that starts etcd. */
export interface EtcdCommand {
  readonly args: readonly Word[]
  /** What the script adds to the environment of etcd. */
  readonly variables: readonly Variable[]
  /** Arguments that are variables of which no value is known. */
  readonly unknown: readonly Word[]
  readonly image?: { readonly reference: string; readonly line: number }
  readonly reads: readonly ReadFile[]
  /** Of a script: where it stands, and in which arms. */
  readonly line?: number
  readonly branches?: Branches
  /** Nothing behind it runs where it does. */
  readonly isExec?: boolean
}

export interface Word {
  readonly text: string
  readonly line: number
}

/**
 * The commands of a shell's script that start a member of etcd, in their order, with the variables
 * that the script has set up to there. `environment` is what the script itself starts with, and
 * `firstLine` the line of the file on which it begins.
 */
export function etcdCommands(
  script: string,
  environment: ReadonlyMap<string, string> = new Map(),
  firstLine = 1,
): {
  readonly commands: readonly EtcdCommand[]
  readonly problems: readonly Problem[]
  /** What the script writes. */
  readonly files: readonly EmbeddedFile[]
} {
  const state = shellState(environment)
  const { commands, documents, problem } = runScript(script, state, firstLine)
  const problems = problem ? [{ ...problem, line: problem.line + firstLine - 1 }] : []
  return { commands, problems, files: filesWritten(documents, state.values) }
}

/** The variables that a script sets which another one takes in, and those of them that it exports. */
export function variablesOfScript(script: string, environment: Variables) {
  const state = shellState(environment)
  const { problem } = runScript(script, state, 1)
  const variables = [...state.set.values()]
  return {
    variables,
    exported: variables.filter(({ name }) => state.exported.has(name)),
    problems: problem === undefined ? [] : [problem],
  }
}

function shellState(environment: Variables): ShellState {
  const [values, set] = [new BranchedMap(environment), new BranchedMap<Variable>()]
  return { values, set, exported: new Set(), reads: [], tracker: new BranchTracker([values, set]) }
}

function runScript(script: string, state: ShellState, firstLine: number) {
  const { lines, documents, problem, restore } = shellLines(script)
  const raw = script.split('\n')
  const assignDefault = (name: string, value: string) => void state.values.set(name, value)
  const commands = lines.flatMap((line) => {
    const place = wordPlacer(raw, line, firstLine)
    return simpleCommands(line.text, state.values, assignDefault).flatMap((words) =>
      runCommand(
        words.map((word) => place(restore(word, state.values))),
        state,
      ),
    )
  })
  return { commands, documents, problem }
}

interface ShellState {
  readonly values: Map<string, string>
  /** What the script itself set. */
  readonly set: Map<string, Variable>
  readonly exported: Set<string>
  exportsAll?: true
  /** Files that the script takes variables from. */
  readonly reads: ReadFile[]
  readonly tracker: BranchTracker
}

const keywords = /^(if|then|elif|else|while|until|do|time|!|\{)$/
const assignment = /^([A-Za-z_]\w*(?:\[@\])?)(\+?)=(.*)$/s

function runCommand(all: readonly Word[], state: ShellState): EtcdCommand[] {
  const begin = all.findIndex(({ text }) => !keywords.test(text))
  const words = begin < 0 ? [] : all.slice(begin)
  for (const { text } of all.slice(0, begin < 0 ? all.length : begin + 1)) state.tracker.enter(text)
  const count = words.findIndex(({ text }) => !assignment.test(text))
  const assigned = count < 0 ? words : words.slice(0, count)
  const rest = words.slice(assigned.length)
  if (rest.length === 0) assign(assigned, state)
  setShell(rest, state)
  if (/^(\.|source)$/.test(rest[0]?.text ?? '')) readFrom(rest[1], state)
  const inner = scriptWithin(rest)
  if (inner !== undefined) return [...runScript(inner.text, state, inner.line).commands]
  const found = findEtcd(rest.map(({ text }) => text))
  if (found === undefined) return []
  const line = rest[0]?.line ?? 1
  const { args, unknown } = splitUnknown(rest.slice(rest.length - found.args.length))
  const around = [
    ...[...state.set.values()].filter(({ name }) => state.exported.has(name)),
    ...assigned.flatMap(variableOf),
  ]
  const forwarded = forwardedTo(found, around, line)
  return [
    {
      args,
      line,
      unknown: [...unknown, ...forwarded.unknown],
      branches: state.tracker.branches,
      isExec: rest[0]?.text === 'exec',
      variables: [
        ...(found.image === undefined ? around : forwarded.variables),
        ...found.variables.map((each) => ({ ...each, line })),
      ],
      ...(found.image !== undefined && {
        image: { reference: withoutMarks(found.image), line },
      }),
      reads: [
        ...state.reads,
        ...found.environmentFiles.map((path) => ({
          kind: 'environment' as const,
          reader: 'runtime' as const,
          line,
          isOptional: false,
          path: withoutMarks(path),
        })),
      ],
    },
  ]
}

/** What a container has of the variables around it: those that its command names. */
export function forwardedTo(
  { forwarded }: FoundEtcd,
  around: readonly Variable[],
  line: number,
): { readonly variables: readonly Variable[]; readonly unknown: readonly Word[] } {
  const known = new Map(around.map((variable) => [variable.name, variable]))
  return {
    variables: forwarded.flatMap((name) => known.get(name) ?? []),
    unknown: forwarded.flatMap((name) => (known.has(name) ? [] : [{ text: name, line }])),
  }
}

/** What the shell reads once more: the words behind `eval`, and that of `bash -c` and `su -c`. */
function scriptWithin([command, ...words]: readonly Word[]): Word | undefined {
  const line = command?.line ?? 1
  if (command?.text === 'eval') return { text: words.map(({ text }) => text).join(' '), line }
  const all = command === undefined ? [] : [command, ...words]
  const isShell = all.some(({ text }) => /^(.*\/)?((ba|da|z|k|a)?sh|su|runuser)$/.test(text))
  const at = all.findIndex(({ text }) => /^-\w*c$/.test(text))
  const before = all.slice(0, Math.max(at, 0)).every(({ text }) => !isEtcd(text) || text === 'etcd')
  const isInContainer = all.some(({ text }) => isRuntime(text))
  return isShell && at > 0 && before && !isInContainer ? all[at + 1] : undefined
}

/** `. FILE`, whose variables etcd gets where all are exported. */
function readFrom(file: Word | undefined, state: ShellState): void {
  if (file === undefined) return
  const kind = state.exportsAll ? 'environment' : 'defaults'
  const path = withoutMarks(file.text)
  state.reads.push({
    kind,
    reader: 'shell',
    path,
    line: file.line,
    isOptional: true,
    expands: true,
  })
}

function assign(words: readonly Word[], state: ShellState): void {
  for (const { text, line } of words) {
    const [, name, appended, own = ''] = assignment.exec(text) ?? []
    if (name === undefined) continue
    const former = appended === '+' ? (state.values.get(name) ?? '') : ''
    const value = former + own
    state.values.set(name, value)
    state.set.set(name, { name, value, line })
    if (state.exportsAll) state.exported.add(name)
  }
}

/** `export`, its relatives, and `set -a`. */
function setShell([command, ...words]: readonly Word[], state: ShellState): void {
  const texts = words.map(({ text }) => text)
  if (command?.text === 'set' && /^-\w*a|allexport/.test(texts.join(' '))) state.exportsAll = true
  if (!/^(export|declare|typeset|readonly|local|unset)$/.test(command?.text ?? '')) return
  if (command?.text === 'unset') {
    for (const text of texts) for (const map of [state.values, state.set]) map.delete(text)
    return
  }
  assign(words, state)
  const isExport = command?.text === 'export' || texts.some((text) => /^-\w*x/.test(text))
  if (isExport) for (const text of texts) state.exported.add(text.replace(/=.*$/s, ''))
}

function variableOf({ text, line }: Word): Variable[] {
  const [, name, , value] = assignment.exec(text) ?? []
  return name === undefined || value === undefined ? [] : [{ name, value, line }]
}

/** Nothing but one variable, or what one command prints. */
function isWholeUnknown(text: string): boolean {
  const isWhole = /^(\$\{?\w+(\[[@*]\])?\}?|\$\(.*\)|`.*`)$/s.test(withoutMarks(text))
  return isWhole && isMarked(text)
}

/** An argument that is nothing but an unknown variable may be any number of flags, also none. */
export function splitUnknown(words: readonly Word[]) {
  const args: Word[] = []
  const unknown: Word[] = []
  let takesNext = false
  for (const word of words) {
    const { text } = word
    if (text === allArguments) continue
    const isUnknown = !takesNext && isWholeUnknown(text)
    if (isUnknown) unknown.push(word)
    else args.push(word)
    const flag: string | undefined = takesNext ? undefined : /^--?([a-z][\w-]*)$/.exec(text)?.[1]
    takesNext = flag !== undefined && !takesNoValue(flag)
  }
  return { args, unknown }
}

/**
 * Words do not say where they were: each is on the first line that has it, from the last one on.
 * `offset` is the line of the file that is the first of `raw`.
 */
export function wordPlacer(
  raw: readonly string[],
  { firstLine, lastLine }: Pick<ShellLine, 'firstLine' | 'lastLine'>,
  offset: number,
): (word: string) => Word {
  let from = firstLine
  return (text) => {
    const lines = raw.slice(from - 1, lastLine)
    const find = (part: string) => lines.findIndex((line) => part !== '' && line.includes(part))
    const written = withoutMarks(text)
    // `--initial-cluster` is a part of `--initial-cluster-token`, too.
    const alone = lines.findIndex((line) => hasWord(line, written))
    const whole = alone >= 0 ? alone : find(written)
    const at = whole >= 0 ? whole : find(/^-*[^=]+/.exec(written)?.[0] ?? '')
    if (at > 0) from += at
    return { text, line: from + offset - 1 }
  }
}

function hasWord(line: string, word: string): boolean {
  if (word === '') return false
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [line[at - 1], line[at + word.length]]
    if (!/[\w-]/.test(before) && !/[\w=-]/.test(after)) return true
  }
  return false
}
