import type { FileForm, MemberReading, ReadFile } from './file-form.ts'
import type { Problem } from './form.ts'
import { fromArguments, fromVariables, type Given, joinGiven, type Variable } from './given.ts'
import { etcdArguments, isEtcd } from './text/shell.ts'

/** A container as a Pod, a Compose file or a unit describes it. */
export interface ContainerCommand {
  readonly label: string
  /** Entrypoint and arguments, one after the other. */
  readonly words: readonly { readonly text: string; readonly line: number }[]
  readonly variables: readonly Variable[]
  readonly image?: MemberReading['image']
  readonly reads?: readonly ReadFile[]
  /** The image starts etcd by itself when the words are flags alone. */
  readonly isEtcdImage: boolean
}

/**
 * What etcd gets in a container: its flags, also out of a shell's script, its variables, and the
 * configuration file that it is to read. Undefined when the container does not start etcd.
 */
function readContainer(
  container: ContainerCommand,
): { readonly member: MemberReading; readonly problems: readonly Problem[] } | undefined {
  const command = findArguments(container)
  if (command === undefined) return undefined
  const given = joinGiven(
    fromArguments(command.args, command.lines),
    fromVariables(container.variables),
  )
  const reads = [...(container.reads ?? []), ...configFileOf(given)]
  const member: MemberReading = {
    label: container.label,
    settings: given.settings.filter(({ name }) => name !== 'config-file'),
    notUnderstood: given.notUnderstood,
    variables: new Map(container.variables.map(({ name, value }) => [name, value])),
    ...(container.image !== undefined && { image: container.image }),
    ...(reads.length > 0 && { reads }),
  }
  return { member, problems: given.problems }
}

/** The file that etcd reads instead of everything else. */
export function configFileOf({ settings }: Pick<Given, 'settings'>): ReadFile[] {
  const setting = settings.findLast(({ name }) => name === 'config-file')
  if (setting === undefined) return []
  return [{ kind: 'yaml', path: setting.value, line: setting.line, isOptional: false }]
}

/** Adds to a form's readings what one container gave; nothing where it does not start etcd. */
export function collect(
  containers: readonly ContainerCommand[],
): ReturnType<FileForm['read']> & { readonly members: readonly MemberReading[] } {
  const read = containers.flatMap((container) => readContainer(container) ?? [])
  return {
    members: read.map(({ member }) => member),
    problems: read.flatMap(({ problems }) => problems),
  }
}

interface FoundArguments {
  readonly args: readonly string[]
  readonly lines: readonly number[]
}

function findArguments({ words, variables, isEtcdImage }: ContainerCommand) {
  const known = new Map(variables.map(({ name, value }) => [name, value]))
  const at = words.findIndex(({ text }) => isEtcd(text))
  if (at >= 0) return split(words.slice(at + 1))
  const script = words.find(
    ({ text }, index) => /^-\w*c$/.test(words[index - 1]?.text ?? '') && /etcd/.test(text),
  )
  if (script !== undefined) {
    const found = etcdArguments(script.text, known)
    if (found !== undefined) {
      return { args: found.args, lines: found.args.map(() => script.line + found.line - 1) }
    }
  }
  const areFlags = words.every(({ text }) => text.startsWith('-'))
  return isEtcdImage && areFlags ? split(words) : undefined
}

function split(words: readonly { text: string; line: number }[]): FoundArguments {
  return { args: words.map(({ text }) => text), lines: words.map(({ line }) => line) }
}

/** `registry.example/etcd:v3.5.5` → true: its last part before the tag is etcd, or ends in it. */
export function isEtcdImage(reference: string): boolean {
  return /(^|[/-])etcd(-(amd64|arm64))?(:[^/]*)?(@.*)?$/.test(reference)
}
