import { memberOfCommand, otherStart } from '../containers/container-command.ts'
import { isPage, isShellScript, withoutStart } from '../deployment/lookalikes.ts'
import type { EmbeddedFile, FileForm, MemberReading } from '../file-form.ts'
import type { Problem } from '../form.ts'
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
    const { commands, problems, files, ...whole } = etcdCommands(scriptOf(text), variables)
    if (problems.length > 0) return { members: [], problems }
    if (commands.length === 0 && files.some(isOfEtcd)) {
      return { ...whole, members: [], problems: [], files }
    }
    if (commands.length === 0) {
      const found = isShellScript(text) ? withoutStart : 'none'
      const problem = { line: 1, expected: 'a command line of etcd', found }
      return { ...whole, members: [], problems: [problem] }
    }
    // Of several, one that gives etcd nothing is a line of help or of a test, or prose.
    const telling = commands.filter(isTelling)
    const starting = telling.length > 0 ? telling : commands
    const read = starting.map((command) => ({
      command,
      ...memberOfCommand(command, { label: '' }),
    }))
    const kept = withoutAlternatives(read)
    return {
      members: kept.map(({ start, others }) => withOthers(start.member, others)),
      problems: kept.flatMap(({ start }) => start.problems),
      files,
      ...whole,
    }
  },
  write: (members) =>
    members.map(({ member, configuration }) => {
      const words = flags.write(configuration).map(quoteForShell)
      return { name: `${member}.sh`, text: `${['etcd', ...words].join(' \\\n  ')}\n` }
    }),
}

/** A command with what it gives etcd. */
interface Start {
  readonly command: EtcdCommand
  readonly member: MemberReading
  readonly problems: readonly Problem[]
}

/** Of commands that start one member, the first; of those of one name, one that no `if` holds goes before it. */
function withoutAlternatives(starts: readonly Start[]) {
  const kept: { start: Start; others: readonly Start[] }[] = []
  for (const start of starts) {
    const former = kept.find((one) => isAlternative(one.start, start))
    if (former === undefined) kept.push({ start, others: [] })
    else if (isNamedAs(former.start, start) && depthOf(start) < depthOf(former.start)) {
      former.others = [former.start, ...former.others]
      former.start = start
    } else former.others = [...former.others, start]
  }
  return kept
}

/** Whether a run of the script comes to one of the two alone, or to both for the same member. */
function isAlternative(former: Start, start: Start): boolean {
  const [branches, own] = [former.command.branches ?? [], start.command.branches ?? []]
  const endsScript = former.command.isExec === true && branches.length > own.length
  return endsScript || areAlternatives(branches, own) || isNamedAs(former, start)
}

/** A cluster has one member of a name; a name that two peer URLs have is a mistake, and not one member. */
function isNamedAs(former: Start, start: Start): boolean {
  const [name, own] = [former, start].map((one) => optionOf(one, 'name'))
  const [url, ownUrl] = [former, start].map((one) => optionOf(one, 'initial-advertise-peer-urls'))
  return name !== undefined && name === own && (!url || !ownUrl || url === ownUrl)
}

function optionOf({ member: { settings } }: Start, option: string): string | undefined {
  const set = settings.filter(({ name }) => name === option)
  return (set.findLast(({ door }) => door === 'flag') ?? set.at(-1))?.value
}

const depthOf = ({ command: { branches = [] } }: Start) => branches.length

function withOthers(member: MemberReading, others: readonly Start[]): MemberReading {
  const notUnderstood = others.map(({ command }) => otherStart(command))
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
  const { commands, problems, files, releases } = etcdCommands(text)
  if (files.some(isOfEtcd) || (isShellScript(text) && releases.length > 0)) return true
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
