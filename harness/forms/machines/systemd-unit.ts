import { basename } from 'node:path/posix'
import { memberOfCommand } from '../containers/container-command.ts'
import type {
  FileForm,
  FileReading,
  GivenSetting,
  MemberReading,
  NotUnderstood,
  ReadFile,
} from '../file-form.ts'
import type { Problem } from '../form.ts'
import { fromVariables, type Variable } from '../given.ts'
import { type EtcdCommand, etcdCommands } from '../text/etcd-command.ts'
import { findEtcd } from '../text/find-etcd.ts'
import { formatUnreadScript, namedScript } from '../text/named-script.ts'
import { forwardedTo } from '../text/run-command.ts'
import { expandWord, joinLines, markSpecifiers, splitWords } from '../text/systemd-words.ts'
import { splitUnknown } from '../text/unknown-arguments.ts'
import { unresolved, withoutMarks } from '../text/unresolved.ts'
import { wordPlacer } from '../text/word-placer.ts'
import { writeEnvironment } from './environment-file.ts'

/** A unit of systemd that starts etcd, with its `Environment=` and `EnvironmentFile=` lines. */
export const systemdUnit: FileForm = {
  name: 'unit',
  title: 'a systemd unit',
  recognises: ({ text }) => isUnit(text),
  read: ({ text }, fromFiles = new Map()) => readUnit(text, fromFiles),
  write: (members) =>
    members.flatMap(({ member, configuration }) => [
      { name: `${member}.service`, text: unitText(member) },
      { name: `${member}.env`, text: writeEnvironment(configuration) },
    ]),
}

/** Its first line is a section: a script that writes a unit is none, nor is a page that shows one. */
export function isUnit(text: string): boolean {
  const first = text.split('\n').find((line) => /^\s*[^\s#;]/.test(line))
  const isQuadlet = /^\[(Container|Kube)\]\s*$/m.test(text)
  return !isQuadlet && /^\s*\[(Unit|Service|Install)\]\s*$/.test(first ?? '')
}

/** All options are in the environment file, so that none is set twice. */
function unitText(member: string): string {
  return `[Unit]
Description=etcd member ${member}
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
EnvironmentFile=/etc/etcd/${member}.env
ExecStart=/usr/bin/etcd
Restart=on-failure
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`
}

function readUnit(text: string, fromFiles: ReadonlyMap<string, string>): FileReading {
  const problems: Problem[] = []
  const variables: Variable[] = []
  const reads: ReadFile[] = []
  const starts: Directive[] = []
  let type = 'simple'
  for (const directive of directivesOf(text, problems)) {
    const { section, key, value, line } = directive
    if (section !== 'Service') continue
    // An empty value takes back what stands above it.
    if (key === 'Environment' && value === '') variables.length = 0
    if (key === 'Environment') variables.push(...assignmentsIn({ value, line }, problems))
    if (key === 'EnvironmentFile' && value === '') reads.length = 0
    if (key === 'EnvironmentFile' && value !== '') reads.push(readOf(value, line))
    if (key === 'ExecStart' && value === '') starts.length = 0
    if (key === 'ExecStart' && value !== '') starts.push(directive)
    if (key === 'Type') type = value
  }
  const [first, second] = starts
  if (second !== undefined && type !== 'oneshot') {
    const expected = 'one ExecStart=, with an empty one above it that takes back the former'
    problems.push({ line: second.line, expected, found: 'a second one, for which systemd refuses' })
  }
  const start = starts.find(({ value }) => /etcd/.test(value)) ?? first
  if (start === undefined) {
    problems.push({ line: 1, expected: 'an ExecStart= that starts etcd', found: 'none' })
    return { members: [], problems }
  }
  const known = new Map([
    ...variables.map(({ name, value }) => [name, value] as const),
    ...fromFiles,
  ])
  // What no file sets is empty, and unknown as long as a file is missing.
  const unset = reads.length === 0 || fromFiles.size > 0 ? () => '' : unresolved
  const command = startCommand({ start, text, known, own: variables, unset, problems })
  if (command === undefined) return { members: [], problems }
  const read = memberOfCommand(command, { label: '' })
  // systemd.exec(5): what an EnvironmentFile= sets replaces what Environment= sets.
  const { settings, notUnderstood, problems: wrong } = fromVariables(variables)
  const { member } = read
  // A container has of the unit's variables those alone that its command names.
  const isContainer = command.image !== undefined
  const own = isContainer ? reads.map((one) => ({ ...one, kind: 'defaults' as const })) : reads
  const reading: MemberReading = {
    ...member,
    ...(isContainer
      ? { notUnderstood: [...member.notUnderstood, ...notUnderstood, ...keptOut(settings, member)] }
      : { environment: { settings, notUnderstood } }),
    reads: [...own, ...(member.reads ?? [])],
    variables: known,
  }
  return {
    members: [reading],
    problems: [...problems, ...wrong, ...read.problems],
  }
}

/** What a unit sets for etcd and its container does not get. */
function keptOut(settings: readonly GivenSetting[], { settings: own }: MemberReading) {
  const why = 'the container that runs etcd does not get it'
  return settings
    .filter(({ name }) => !own.some((one) => one.name === name && one.door === 'variable'))
    .map(({ name, value, line }): NotUnderstood => ({ setting: name, value, line, why }))
}

export interface Directive {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
  readonly lastLine: number
}

/** The lines `Key=value` of a unit, each with its section. */
export function directivesOf(text: string, problems: Problem[]): Directive[] {
  let section = ''
  return joinLines(text).flatMap(({ text: content, line, lastLine }) => {
    const [, name] = /^\[(.*)\]$/.exec(content) ?? []
    if (name !== undefined) section = name
    const [, key = '', value = ''] = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/s.exec(content) ?? []
    if (name === undefined && (key === '' || section === '')) {
      problems.push({ line, expected: 'a [Section] or Key=value', found: content.slice(0, 60) })
    }
    return key === '' ? [] : [{ section, key, value: markSpecifiers(value), line, lastLine }]
  })
}

/** The variables of an `Environment=`. */
export function assignmentsIn(
  { value, line }: Pick<Directive, 'value' | 'line'>,
  problems: Problem[],
) {
  const { words, problem } = splitWords(value, line)
  if (problem !== undefined) problems.push(problem)
  return words.flatMap((word) => {
    const [, name, text] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name !== undefined && text !== undefined) return [{ name, value: text, line }]
    problems.push({ line, expected: 'NAME=value in Environment=', found: word })
    return []
  })
}

function readOf(value: string, line: number): ReadFile {
  return {
    kind: 'environment',
    path: withoutMarks(value.replace(/^-/, '')),
    line,
    isOptional: value.startsWith('-'),
    expands: true,
  }
}

/** The command that systemd starts itself or through a shell. */
function startCommand({
  start,
  text,
  known,
  own,
  unset,
  problems,
}: UnitStart): EtcdCommand | undefined {
  const { line, value } = start
  const [prefix = ''] = /^[@\-:+!|]+/.exec(value) ?? []
  const { words, problem } = splitWords(value.slice(prefix.length), line)
  if (problem !== undefined) problems.push(problem)
  // The second word is the name that the program sees of itself.
  if (prefix.includes('@')) words.splice(1, 1)
  const isShell = /^(ba|da|z|k)?sh$/.test(basename(words[0] ?? ''))
  const script = words[words.findIndex((word) => /^-\w*c$/.test(word)) + 1]
  if (isShell && script !== undefined) {
    const read = etcdCommands(script, known, line)
    problems.push(...read.problems)
    const command = read.commands.at(-1)
    if (command !== undefined) return command
  }
  const around = [...known].map(([name, value]) => ({ name, value, line }))
  const place = wordPlacer(text.split('\n'), { firstLine: line, lastLine: start.lastLine }, 1)
  const placed = isShell
    ? []
    : words
        .flatMap((word) => (prefix.includes(':') ? [word] : expandWord(word, known, unset)))
        .map((word) => place(word))
  const found = findEtcd(placed.map((word) => word.text))
  if (found === undefined) {
    const expected = 'an ExecStart= that starts etcd'
    const named = namedScript(words.map((word) => ({ text: word, line })))
    const started = named === undefined ? (words[0] ?? 'nothing') : formatUnreadScript(named)
    problems.push({
      line,
      expected,
      found: started,
      ...(named && { script: { path: named.text, variables: own } }),
    })
    return undefined
  }
  const { args, variables, environmentFiles, image } = found
  const forwarded = forwardedTo(found, around, line)
  const split = splitUnknown(placed.slice(placed.length - args.length))
  return {
    args: split.args,
    unknown: [...split.unknown, ...forwarded.unknown],
    variables: [...forwarded.variables, ...variables.map((variable) => ({ ...variable, line }))],
    reads: environmentFiles.map((path) => ({ ...readOf(path, line), reader: 'runtime' })),
    ...(image !== undefined && { image: { reference: withoutMarks(image), line } }),
  }
}

interface UnitStart {
  readonly start: Directive
  /** Of the whole unit. */
  readonly text: string
  readonly known: ReadonlyMap<string, string>
  /** Of its `Environment=` lines. */
  readonly own: readonly Variable[]
  /** What an unset variable is. */
  readonly unset: (written: string) => string
  readonly problems: Problem[]
}
