import type { Variable } from '../given.ts'
import type { EtcdCommand, Word } from './etcd-command.ts'
import { type FoundEtcd, findEtcd } from './find-etcd.ts'
import { callFunction, runScript, type ShellState } from './run-script.ts'
import { fileWithin, scriptWithin } from './shell-input.ts'
import { setPositional, shiftPositional, withPositional } from './shell-parameters.ts'
import { splitUnknown } from './unknown-arguments.ts'
import { isMarked, withoutMarks } from './unresolved.ts'

const keywords = /^(if|then|elif|else|while|until|do|time|!|\{)$/
const assignment = /^([A-Za-z_]\w*(?:\[[^\]]*\])?)(\+?)=(.*)$/s
/** They start nothing, whatever their words say. */
const withoutStart = /^(echo|printf|set|shift)$/

/** What a command does to the state, and the members of etcd that it starts. */
export function runCommand(all: readonly Word[], state: ShellState): EtcdCommand[] {
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
  const called = state.functions.get(rest[0]?.text ?? '')
  if (called !== undefined) {
    const given = rest.slice(1).map(({ text }) => text)
    return withPositional(state.values, given, () => callFunction(called, state))
  }
  const inner = scriptWithin(rest)
  if (inner !== undefined) return runScript(inner.text, state, inner.line).commands
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
    if (isOptionOfScript(own, state) && isKnown(state.values.get(name))) {
      state.tracker.others.set(name, { name, value, line })
      continue
    }
    state.values.set(name, value)
    state.tracker.others.delete(name)
    state.set.set(name, { name, value, line })
    if (state.exportsAll) state.exported.add(name)
  }
}

/** In a loop over the script's own arguments, which are not known: what one of them would set. */
function isOptionOfScript(value: string, { loops }: ShellState): boolean {
  return loops.isOpen && isMarked(value) && /^\$\{(OPTARG|[1-9])\}$/.test(withoutMarks(value))
}

const isKnown = (value: string | undefined) => value !== undefined && !isMarked(value)

/** `export`, its relatives, `set -a` and `set -- WORDS`. */
function setShell([command, ...words]: readonly Word[], state: ShellState): void {
  const texts = words.map(({ text }) => text)
  if (command?.text === 'set' && /^-\w*a|allexport/.test(texts.join(' '))) state.exportsAll = true
  if (command?.text === 'set' && texts[0] === '--') {
    setPositional(state.values, texts.slice(1))
  }
  if (command?.text === 'shift') shiftPositional(state.values, Number(texts[0] ?? 1))
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
