import type { EmbeddedFile, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import { BranchedMap } from './branched-map.ts'
import { type FoundEtcd, findEtcd } from './find-etcd.ts'
import { filesWritten } from './here-documents.ts'
import { simpleCommands } from './shell.ts'
import { type Branches, BranchTracker } from './shell-branches.ts'
import { fileWithin, isForShell, scriptWithin } from './shell-input.ts'
import { type HereDocument, shellLines } from './shell-lines.ts'
import { LoopTracker } from './shell-loops.ts'
import { formatArray, positional, type Variables } from './shell-parameters.ts'
import { splitUnknown } from './unknown-arguments.ts'
import { withoutMarks } from './unresolved.ts'
import { wordPlacer } from './word-placer.ts'

/** A command of a script that starts etcd. */
export interface EtcdCommand {
  readonly args: readonly Word[]
  /** What the script adds to the environment of etcd. */
  readonly variables: readonly Variable[]
  /** What other arms of the script set of variables that it takes. */
  readonly otherValues?: readonly Variable[]
  /** Arguments that are variables of which no value is known. */
  readonly unknown: readonly Word[]
  readonly image?: { readonly reference: string; readonly line: number }
  readonly reads: readonly ReadFile[]
  /** How often a loop runs it, each time as another member. */
  readonly count?: number
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
  const problems = problem === undefined ? [] : [problem]
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
  return {
    values,
    set,
    exported: new Set(),
    reads: [],
    tracker: new BranchTracker(set, values),
    loops: new LoopTracker(),
  }
}

function runScript(script: string, state: ShellState, firstLine: number): ScriptRun {
  const { lines, documents: own, problem, restore } = shellLines(script)
  const raw = script.split('\n')
  const documents = own.map((each) => ({ ...each, line: each.line + firstLine - 1 }))
  const assignDefault = (name: string, value: string) => void state.values.set(name, value)
  const commands = lines.flatMap((line) => {
    const place = wordPlacer(raw, line, firstLine)
    const timesOf = (text: string) => {
      const count = state.loops.countIn(text)
      return count === undefined ? {} : { count }
    }
    const started = simpleCommands(line.text, state.values, assignDefault)
      .flatMap((words) =>
        runCommand(
          words.map((word) => place(restore(word, state.values))),
          state,
        ).map((command) => ({ ...timesOf(line.text), ...command })),
      )
      .map((command) => ({ ...command, otherValues: otherValuesIn(line.text, state) }))
    const given = own.find((each) => each.line === line.lastLine + 1 && isForShell(each))
    if (given === undefined) return started
    const text = given.isExpanded ? given.text.replaceAll(/\\([$`\\])/g, '$1') : given.text
    const inner = runScript(text, state, given.line + firstLine - 1)
    documents.push(...inner.documents)
    return [...started, ...inner.commands]
  })
  return { commands, documents, ...(problem && { problem: atLine(problem, firstLine) }) }
}

/** Of the variables that the line names, what other arms of an `if` set. */
function otherValuesIn(text: string, { tracker }: ShellState): readonly Variable[] {
  return [...tracker.others.values()].filter(({ name }) => {
    const [plain] = name.split('[')
    return new RegExp(`\\$\\{?${plain}(?!\\w)`).test(text)
  })
}

interface ScriptRun {
  readonly commands: EtcdCommand[]
  readonly documents: readonly HereDocument[]
  readonly problem?: Problem
}

function atLine(problem: Problem, firstLine: number): Problem {
  return { ...problem, line: problem.line + firstLine - 1 }
}

interface ShellState {
  readonly values: Map<string, string>
  /** What the script itself set. */
  readonly set: Map<string, Variable>
  readonly exported: Set<string>
  exportsAll?: true
  /** Files that the script takes variables from. */
  readonly reads: ReadFile[]
  readonly tracker: BranchTracker<Variable>
  readonly loops: LoopTracker
}

const keywords = /^(if|then|elif|else|while|until|do|time|!|\{)$/
const assignment = /^([A-Za-z_]\w*(?:\[[^\]]*\])?)(\+?)=(.*)$/s
/** They start nothing, whatever their words say. */
const withoutStart = /^(echo|printf|set|shift)$/

function runCommand(all: readonly Word[], state: ShellState): EtcdCommand[] {
  const begin = all.findIndex(({ text }) => !keywords.test(text))
  const words = begin < 0 ? [] : all.slice(begin)
  // `while`, and `done` behind nothing, are keywords before no command of their own.
  for (const { text } of all.slice(0, Math.max(begin, 0))) state.loops.enter([text])
  state.loops.enter(words.map(({ text }) => text))
  for (const { text } of all.slice(0, begin < 0 ? all.length : begin + 1)) state.tracker.enter(text)
  const count = words.findIndex(({ text }) => !assignment.test(text))
  const assigned = count < 0 ? words : words.slice(0, count)
  const rest = words.slice(assigned.length)
  if (rest.length === 0) assign(assigned, state)
  setShell(rest, state)
  if (/^(\.|source)$/.test(rest[0]?.text ?? '')) readFrom(rest[1], state)
  const inner = scriptWithin(rest)
  if (inner !== undefined) return [...runScript(inner.text, state, inner.line).commands]
  if (withoutStart.test(rest[0]?.text ?? '')) return []
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

/** `. FILE`, whose variables etcd gets where all are exported. */
function readFrom(file: Word | undefined, state: ShellState, isExported = false): void {
  if (file === undefined) return
  const kind = state.exportsAll || isExported ? 'environment' : 'defaults'
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
    state.tracker.others.delete(name)
    state.set.set(name, { name, value, line })
    if (state.exportsAll) state.exported.add(name)
  }
}

/** `export`, its relatives, `set -a` and `set -- WORDS`. */
function setShell([command, ...words]: readonly Word[], state: ShellState): void {
  const texts = words.map(({ text }) => text)
  if (command?.text === 'set' && /^-\w*a|allexport/.test(texts.join(' '))) state.exportsAll = true
  if (command?.text === 'set' && texts[0] === '--') {
    state.values.set(positional, formatArray(texts.slice(1)))
  }
  if (!/^(export|declare|typeset|readonly|local|unset)$/.test(command?.text ?? '')) return
  if (command?.text === 'unset') {
    for (const text of texts) for (const map of [state.values, state.set]) map.delete(text)
    return
  }
  assign(words, state)
  if (command?.text === 'export') for (const word of words) readFrom(fileWithin(word), state, true)
  const isExport = command?.text === 'export' || texts.some((text) => /^-\w*x/.test(text))
  if (isExport) for (const text of texts) state.exported.add(text.replace(/=.*$/s, ''))
}

function variableOf({ text, line }: Word): Variable[] {
  const [, name, , value] = assignment.exec(text) ?? []
  return name === undefined || value === undefined ? [] : [{ name, value, line }]
}
