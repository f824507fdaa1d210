import type { EmbeddedFile, NotUnderstood, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import type { NamedRelease } from './release-archives.ts'
import { runScript, runUncalled, shellState } from './run-script.ts'
import type { Branches } from './shell-branches.ts'
import type { Variables } from './shell-parameters.ts'

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

/** What a script says of etcd. */
export interface ScriptReading {
  readonly commands: readonly EtcdCommand[]
  readonly problems: readonly Problem[]
  /** What the script writes. */
  readonly files: readonly EmbeddedFile[]
  /** The releases of etcd that it gets. */
  readonly releases: readonly NamedRelease[]
  /** Where it could not be followed. */
  readonly notUnderstood: readonly NotUnderstood[]
}

/**
 * The commands of a shell's script that start a member of etcd, in their order, with the variables
 * that the script has set up to there. `environment` is what the script itself starts with, and
 * `firstLine` the line of the file on which it begins.
 */
export function etcdCommands(
  script: string,
  environment: Variables = new Map(),
  firstLine = 1,
): ScriptReading {
  const state = shellState(environment)
  const { commands, problem } = runScript(script, state, firstLine)
  const all = withoutRepeated([...commands, ...runUncalled(state)])
  const read = all.flatMap(({ reads }) => reads.map(({ path }) => path))
  // Of all that a script writes, what is etcd's.
  const isEtcds = (path: string) => /etcd/i.test(path) || read.includes(path)
  return {
    commands: all,
    problems: problem === undefined ? [] : [problem],
    files: state.files.files,
    notUnderstood: [
      ...state.files.notes.filter(({ setting }) => isEtcds(setting)),
      ...state.strayFlags,
    ],
    releases: state.releases,
  }
}

/** A function that two commands call starts one member, where it gives etcd the same. */
function withoutRepeated(commands: readonly EtcdCommand[]): readonly EtcdCommand[] {
  const keyOf = ({ line, args, variables }: EtcdCommand) =>
    JSON.stringify([line, args.map(({ text }) => text), variables.map(({ value }) => value)])
  return [...new Map(commands.toReversed().map((one) => [keyOf(one), one])).values()].toReversed()
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
