import type { FileReading, MemberReading, NotUnderstood, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import {
  fromArguments,
  fromElsewhere,
  fromVariables,
  type Given,
  joinGiven,
  type Variable,
  valueElsewhere,
} from '../given.ts'
import { type EtcdCommand, etcdCommands, type Word } from '../text/etcd-command.ts'
import { areFlags, findEtcd, isOwnFlag } from '../text/find-etcd.ts'
import { withoutMarks } from '../text/unresolved.ts'

/** A container as a Pod or a Compose file describes it. */
export interface ContainerCommand {
  readonly label: string
  readonly line?: number
  /** The file says how its image is made, and names none. */
  readonly isBuilt?: true
  /** Entrypoint and arguments, one after the other. */
  readonly words: readonly Word[]
  readonly variables: readonly Variable[]
  /** Variables and the like that the container has and that no value is known of. */
  readonly unknown?: readonly NotUnderstood[]
  readonly image?: MemberReading['image']
  readonly reads?: readonly ReadFile[]
  /** What keeps the container from being started at all. */
  readonly problems?: readonly Problem[]
  /** The image starts etcd by itself when the words are flags alone. */
  readonly isEtcdImage: boolean
  readonly count?: number
}

/**
 * What etcd gets in each container that starts it: its flags, also out of a shell's script, its
 * variables, and the configuration file that it is to read.
 */
export function readContainers(containers: readonly ContainerCommand[]): FileReading {
  const read = containers.flatMap((container) => readContainer(container) ?? [])
  return {
    members: read.flatMap(({ members }) => members),
    problems: [
      ...containers.flatMap(({ problems = [] }) => problems),
      ...read.flatMap(({ problems }) => problems),
    ],
  }
}

function readContainer(container: ContainerCommand): FileReading | undefined {
  const { command, others = [], problems } = findCommand(container)
  if (problems.length > 0) return { members: [], problems }
  if (command === undefined) return undefined
  const { label, image, count, reads = [], unknown = [] } = container
  const reading = memberOfCommand(
    { ...command, variables: [...container.variables, ...command.variables] },
    { label, ...(image !== undefined && { image }), ...(count !== undefined && { count }) },
  )
  const { member } = reading
  const whole: MemberReading = {
    ...member,
    notUnderstood: [...member.notUnderstood, ...others.map(otherStart), ...unknown],
    reads: [...reads, ...(member.reads ?? [])],
  }
  return { members: [whole], problems: reading.problems }
}

/** What a command gives etcd, as the member that it starts. */
export function memberOfCommand(
  { args, variables, unknown, otherValues = [], image, reads, count }: EtcdCommand,
  about: Partial<MemberReading> & Pick<MemberReading, 'label'>,
): { readonly member: MemberReading; readonly problems: readonly Problem[] } {
  const given = joinGiven(
    fromArguments(
      args.map(({ text }) => text),
      args.map(({ line }) => line),
    ),
    fromVariables(variables),
  )
  const member: MemberReading = {
    ...(image !== undefined && { image }),
    ...(count !== undefined && { count }),
    ...about,
    settings: given.settings.filter(({ name }) => name !== 'config-file'),
    notUnderstood: [
      ...given.notUnderstood,
      ...unknown.map(unknownArgument),
      ...otherValues.map(otherValue),
    ],
    variables: new Map(variables.map(({ name, value }) => [name, value])),
    reads: [...reads, ...configFileOf(given)],
  }
  return { member, problems: given.problems }
}

function otherValue({ name, value, line }: Variable): NotUnderstood {
  const why = 'another arm of the script sets it so, which is not read'
  return { setting: name, value: withoutMarks(value), line, why }
}

function unknownArgument({ text, line }: Word): NotUnderstood {
  if (/^ETCD_\w+$/.test(text)) return valueElsewhere({ name: text, value: '', line })
  // What a command prints is there, unlike a variable that nobody sets.
  const setting = withoutMarks(text)
  const isPrinted = /^(\$\(|`)/.test(setting)
  const open = isPrinted ? { isUnresolved: true as const } : {}
  return { setting, value: '', line, why: fromElsewhere, ...open }
}

/** The file that etcd reads instead of everything else, by its flag or its variable. */
function configFileOf({ settings }: Pick<Given, 'settings'>): ReadFile[] {
  const named = settings.filter(({ name }) => name === 'config-file')
  const setting = named.findLast(({ door }) => door === 'flag') ?? named.at(-1)
  if (setting === undefined || setting.value === '') return []
  return [{ kind: 'yaml', path: setting.value, line: setting.line, isOptional: false }]
}

/** Of a command that starts a member which another command starts, too. */
export function otherStart({ line = 1 }: EtcdCommand): NotUnderstood {
  const why =
    'another command of the script, which starts the same member in another way, is not read'
  return { setting: 'etcd', value: '', line, why }
}

function findCommand({ words, variables, isEtcdImage }: ContainerCommand): {
  readonly command?: EtcdCommand | undefined
  readonly others?: readonly EtcdCommand[]
  readonly problems: readonly Problem[]
} {
  const known = new Map(variables.map(({ name, value }) => [name, value]))
  const script = words.find(({ text }, index) => isScript(text, words[index - 1]?.text))
  if (script !== undefined) {
    const { commands, problems } = etcdCommands(script.text, known, script.line)
    return {
      command: commands.at(-1),
      others: commands.slice(0, -1),
      problems: commands.length > 0 ? problems : [],
    }
  }
  const texts = words.map(({ text }) => text)
  const found = findEtcd(texts)
  if (found !== undefined) return plainCommand(words.slice(words.length - found.args.length))
  const runsEtcd =
    isEtcdImage || variables.some(({ name }) => name === 'ETCD_NAME') || texts.some(isOwnFlag)
  return runsEtcd && areFlags(texts) ? plainCommand(words) : { problems: [] }
}

function plainCommand(args: readonly Word[]) {
  return { command: { args, variables: [], unknown: [], reads: [] }, problems: [] }
}

/** What stands behind a shell's `-c`. */
function isScript(text: string, before = ''): boolean {
  return /^-[a-z]*c$/.test(before) && /etcd/.test(text)
}
