import { memberOfCommand } from '../containers/container-command.ts'
import { isPage } from '../deployment/lookalikes.ts'
import type { EmbeddedFile, FileForm, MemberReading } from '../file-form.ts'
import { type EtcdCommand, etcdCommands } from '../text/etcd-command.ts'
import { quoteForShell } from '../text/quote.ts'
import { areAlternatives } from '../text/shell-branches.ts'
import { flags } from './flags.ts'

/**
 * etcd's command line as a shell has it, in a script or alone, with `\` at the ends of its lines; or
 * its flags alone, one or more a line. Each command of a script that starts etcd is a member.
 */
export const commandLine: FileForm = {
  name: 'flags',
  title: "etcd's command line",
  recognises: ({ text, documents }) => areFlags(text) || startsEtcd(text, documents !== undefined),
  read: ({ text }, variables = new Map()) => {
    const { commands, problems, files } = etcdCommands(scriptOf(text), variables)
    if (problems.length > 0) return { members: [], problems }
    if (commands.length === 0 && files.some(isOfEtcd)) return { members: [], problems: [], files }
    if (commands.length === 0) {
      const problem = { line: 1, expected: 'a command line of etcd', found: 'none' }
      return { members: [], problems: [problem] }
    }
    // Of several, one that gives etcd nothing is a line of help or of a test, or prose.
    const telling = commands.filter(isTelling)
    const starting = telling.length > 0 ? telling : commands
    const { kept, others } = withoutAlternatives(starting)
    const read = kept.map((command) => memberOfCommand(command, { label: '' }))
    return {
      members: read.map(({ member }, index) => withOthers(member, others.get(index) ?? [])),
      problems: read.flatMap((one) => one.problems),
      files,
    }
  },
  write: (members) =>
    members.map(({ member, configuration }) => {
      const words = flags.write(configuration).map(quoteForShell)
      return { name: `${member}.sh`, text: `${['etcd', ...words].join(' \\\n  ')}\n` }
    }),
}

/** Of commands of which a run of the script comes to one alone, the first is the member. */
function withoutAlternatives(commands: readonly EtcdCommand[]) {
  const kept: EtcdCommand[] = []
  const others = new Map<number, EtcdCommand[]>()
  for (const command of commands) {
    const at = kept.findIndex((former) => isAlternative(former, command))
    if (at < 0) kept.push(command)
    else others.set(at, [...(others.get(at) ?? []), command])
  }
  return { kept, others }
}

function isAlternative(
  { branches = [], isExec }: EtcdCommand,
  { branches: own = [] }: EtcdCommand,
) {
  return areAlternatives(branches, own) || (isExec === true && branches.length > own.length)
}

function withOthers(member: MemberReading, others: readonly EtcdCommand[]): MemberReading {
  const notUnderstood = others.map(({ args }) => ({
    setting: 'etcd',
    value: '',
    line: args[0]?.line ?? 1,
    why: 'another branch of the script, which starts the same member in another way, is not read',
  }))
  return { ...member, notUnderstood: [...member.notUnderstood, ...notUnderstood] }
}

function isTelling({ args: [first], variables, reads }: EtcdCommand): boolean {
  if (first === undefined) {
    return reads.length > 0 || variables.some(({ name }) => name.startsWith('ETCD_'))
  }
  return /^[-$`\u{e000}-\u{10ffff}]/u.test(first.text)
}

/** A text that is YAML has to give etcd something: many a page says `etcd` alone. */
function startsEtcd(text: string, isYaml: boolean): boolean {
  if (isManifest(text)) return false
  const { commands, problems, files } = etcdCommands(text)
  if (files.some(isOfEtcd)) return true
  if (problems.length > 0)
    return !isYaml && !isPage(text) && /(^|[\s"'])([^\s"']*\/)?etcd\s+[-"'\\]/m.test(text)
  return isYaml || isPage(text)
    ? commands.some(isTelling)
    : commands.length > 0 || /^\s*(\S*\/)?etcd(\s|$)/m.test(text)
}

/** A unit, variables or a configuration that a script writes. */
function isOfEtcd({ text }: EmbeddedFile): boolean {
  return /^ETCD_[A-Z0-9_]+=|^ExecStart=.*etcd|^initial-cluster\b|^listen-client-urls:/m.test(text)
}

/** Of Kubernetes, which no shell reads, however damaged it is. */
function isManifest(text: string): boolean {
  return /^apiVersion:/m.test(text) && /^kind:/m.test(text)
}

function areFlags(text: string): boolean {
  return /^(\s*#.*\n)*\s*--?[a-z]/.test(text)
}

/** Flags alone become one command; a comment ends with its line, and not with the command. */
function scriptOf(text: string): string {
  if (!areFlags(text)) return text
  const lines = text.trimEnd().split('\n').map(withoutComment)
  return `etcd ${lines.map((line) => line.replace(/\\?\r?$/, '')).join(' \\\n')}`
}

function withoutComment(line: string): string {
  const [, before] = /^((?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)#)*?)(?:(?<=^|\s)#.*)$/.exec(line) ?? []
  return before ?? line
}
