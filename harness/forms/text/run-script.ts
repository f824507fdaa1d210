import type { NotUnderstood, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import { BranchedMap } from './branched-map.ts'
import type { EtcdCommand, Word } from './etcd-command.ts'
import { flagOf } from './find-etcd.ts'
import { followOutput, joinOutputs } from './follow-output.ts'
import { expandDocument } from './here-documents.ts'
import { nothingPrinted, type Printed, printed } from './printed.ts'
import { type NamedRelease, releasesOf } from './release-archives.ts'
import { runCommand } from './run-command.ts'
import { BranchTracker } from './shell-branches.ts'
import { type ShellFunction, stepsOf } from './shell-functions.ts'
import { isForShell } from './shell-input.ts'
import { type HereDocument, type ShellLine, shellLines } from './shell-lines.ts'
import { LoopTracker } from './shell-loops.ts'
import type { Variables } from './shell-parameters.ts'
import { type SimpleCommand, simpleCommands } from './simple-commands.ts'
import { wordPlacer } from './word-placer.ts'
import { WrittenFiles } from './written-files.ts'

/** What a script has done up to a command. */
export interface ShellState {
  readonly values: Map<string, string>
  /** What the script itself set. */
  readonly set: Map<string, Variable>
  readonly exported: Set<string>
  exportsAll?: true
  /** Files that the script takes variables from. */
  readonly reads: ReadFile[]
  readonly tracker: BranchTracker<Variable>
  readonly loops: LoopTracker
  readonly files: WrittenFiles
  readonly functions: Map<string, DefinedFunction>
  readonly releases: NamedRelease[]
  /** What the commands of each open group in braces have printed. */
  readonly groups: (Printed | undefined)[]
  /** Lines of flags that no command has. */
  readonly strayFlags: NotUnderstood[]
  /** The last line of a command that starts etcd, or of flags below it. */
  lastEtcdLine?: number
  /** Of functions within one another. */
  depth: number
  calls: number
}

interface DefinedFunction {
  readonly run: () => EtcdCommand[]
  isCalled: boolean
}

export function shellState(environment: Variables): ShellState {
  const [values, set] = [new BranchedMap(environment), new BranchedMap<Variable>()]
  return {
    values,
    set,
    exported: new Set(),
    reads: [],
    tracker: new BranchTracker(set, values),
    loops: new LoopTracker(),
    files: new WrittenFiles(),
    functions: new Map(),
    releases: [],
    groups: [],
    strayFlags: [],
    depth: 0,
    calls: 0,
  }
}

export interface ScriptRun {
  readonly commands: EtcdCommand[]
  readonly problem?: Problem
}

/** Runs a text whose first line is that one of the file, as far as that needs no machine. */
export function runScript(script: string, state: ShellState, firstLine: number): ScriptRun {
  const { lines, documents, problem, restore } = shellLines(script)
  const source: Source = { raw: script.split('\n'), documents, restore, firstLine }
  const commands = runSteps(stepsOf(lines), source, state)
  if (problem === undefined) return { commands }
  return { commands, problem: { ...problem, line: problem.line + firstLine - 1 } }
}

/** A function that nothing calls here is called by what the script is given. */
export function runUncalled(state: ShellState): EtcdCommand[] {
  const commands: EtcdCommand[] = []
  for (const one of state.functions.values()) {
    if (!one.isCalled) commands.push(...callFunction(one, state))
  }
  return commands
}

/** The text that lines are of. */
interface Source {
  readonly raw: readonly string[]
  readonly documents: readonly HereDocument[]
  readonly restore: (text: string, variables: Variables) => string
  readonly firstLine: number
}

function runSteps(
  steps: readonly (ShellLine | ShellFunction)[],
  source: Source,
  state: ShellState,
): EtcdCommand[] {
  return steps.flatMap((step) => {
    if (!('body' in step)) return runLine(step, source, state)
    const run = () => runSteps(stepsOf(step.body), source, state)
    state.functions.set(step.name, { run, isCalled: false })
    return []
  })
}

const mostCalls = 1_000
const mostDepth = 20

export function callFunction(called: DefinedFunction, state: ShellState): EtcdCommand[] {
  called.isCalled = true
  if (state.depth >= mostDepth || state.calls >= mostCalls) return []
  state.depth++
  state.calls++
  const commands = called.run()
  state.depth--
  return commands
}

function runLine(line: ShellLine, source: Source, state: ShellState): EtcdCommand[] {
  const { raw, restore, firstLine } = source
  const place = wordPlacer(raw, line, firstLine)
  const document = source.documents.find((each) => each.line === line.lastLine + 1)
  const assignDefault = (name: string, value: string) => void state.values.set(name, value)
  const commands: EtcdCommand[] = []
  let output: Printed | undefined
  for (const command of simpleCommands(line.text, state.values, assignDefault)) {
    const words = command.words.map((word) => place(restore(word, state.values)))
    state.releases.push(...releasesOf(words))
    const started = runCommand(words, state).map((one) => withLine(one, line.text, state))
    commands.push(...started)
    noteStrayFlags({ first: words[0], line, isStart: started.length > 0 }, state)
    const input = command.isPiped ? output : documentFor(command, document, source, state)
    output = runOutput({ command, words, input, line }, source, state)
  }
  return document === undefined || !isForShell(document)
    ? commands
    : [...commands, ...runDocument(document, source, state)]
}

/** A line that begins with a flag of etcd, below a command of etcd that ends without a backslash. */
function noteStrayFlags(
  { first, line, isStart }: { first: Word | undefined; line: ShellLine; isStart: boolean },
  state: ShellState,
): void {
  const isBelow = state.lastEtcdLine === line.firstLine - 1
  const isStray = isBelow && first !== undefined && flagOf(first.text) !== undefined
  if (isStray) {
    const why = 'no command has this line of flags: the one above it ends without a backslash'
    state.strayFlags.push({ setting: first.text, value: '', line: first.line, why })
  }
  if (isStart || isStray) state.lastEtcdLine = line.lastLine
}

function withLine(command: EtcdCommand, text: string, state: ShellState): EtcdCommand {
  const count = state.loops.countIn(text)
  const otherValues = otherValuesIn(text, state)
  return { ...(count && { count }), ...command, otherValues }
}

/** Of the variables that the line names, what other arms of an `if` set. */
function otherValuesIn(text: string, { tracker }: ShellState): readonly Variable[] {
  return [...tracker.others.values()].filter(({ name }) => {
    const [plain] = name.split('[')
    return new RegExp(`\\$\\{?${plain}(?!\\w)`).test(text)
  })
}

function runDocument(
  { text, isExpanded, line }: HereDocument,
  { firstLine }: Source,
  state: ShellState,
): EtcdCommand[] {
  const own = isExpanded ? text.replaceAll(/\\([$`\\])/g, '$1') : text
  return runScript(own, state, line + firstLine - 1).commands
}

function documentFor(
  { redirections }: SimpleCommand,
  document: HereDocument | undefined,
  { firstLine }: Source,
  { values }: ShellState,
): Printed | undefined {
  const isForIt = redirections.some(({ operator }) => /^<<-?$/.test(operator))
  if (document === undefined || !isForIt) return undefined
  const { text, isExpanded, line } = document
  const own = isExpanded ? expandDocument(text, values) : text
  return printed(own, { line: line + firstLine - 1 })
}

interface LineCommand {
  readonly command: SimpleCommand
  readonly words: readonly Word[]
  readonly input: Printed | undefined
  readonly line: ShellLine
}

/** What the command writes, and what it prints; within braces that is the group's. */
function runOutput(
  { command, words, input, line }: LineCommand,
  { restore, firstLine }: Source,
  state: ShellState,
): Printed | undefined {
  const texts = words.map(({ text }) => text)
  const opened = texts.findIndex((text) => text !== '{')
  for (const _ of texts.slice(0, opened < 0 ? texts.length : opened)) {
    state.groups.push(nothingPrinted)
  }
  const isGroup = texts[0] === '}'
  const group = isGroup ? state.groups.pop() : undefined
  const output = followOutput(
    {
      words: texts.filter((text) => !keywords.test(text)),
      redirections: command.redirections.map((one) => ({
        ...one,
        target: restore(one.target, state.values),
      })),
      input,
      isGroup,
      output: group,
      line: words[0]?.line ?? line.firstLine + firstLine - 1,
      lastLine: line.lastLine + firstLine - 1,
      branches: () => state.tracker.branches,
      isInLoop: state.loops.isOpen,
    },
    state.files,
  )
  const at = state.groups.length - 1
  if (at >= 0) state.groups[at] = joinOutputs(state.groups[at], output)
  return output
}

const keywords = /^(if|then|elif|else|do|!|\{)$/
