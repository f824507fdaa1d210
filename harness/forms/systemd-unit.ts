import { basename } from 'node:path/posix'
import { configFileOf } from './container-command.ts'
import { writeEnvironment } from './environment-file.ts'
import type { FileForm, FileReading, MemberReading, ReadFile } from './file-form.ts'
import type { Problem } from './form.ts'
import { fromArguments, fromVariables, joinGiven, type Variable } from './given.ts'
import { etcdArguments, isEtcd } from './text/shell.ts'
import { expandWord, joinLines, splitWords } from './text/systemd-words.ts'

/** A unit of systemd that starts etcd, with its `Environment=` and `EnvironmentFile=` lines. */
export const systemdUnit: FileForm = {
  name: 'unit',
  title: 'a systemd unit',
  recognises: ({ text }) => /^\[(Unit|Service|Install)\][ \t]*\r?$/m.test(text),
  read: ({ text }) => readUnit(text, new Map()),
  write: (configuration, { member }) => [
    { name: `${member}.service`, text: unitText(member) },
    { name: `${member}.env`, text: writeEnvironment(configuration) },
  ],
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

/** The same where the files of its `EnvironmentFile=` lines are known. */
export function readUnit(text: string, fromFiles: ReadonlyMap<string, string>): FileReading {
  const problems: Problem[] = []
  const variables: Variable[] = []
  const reads: ReadFile[] = []
  let start: { readonly text: string; readonly line: number } | undefined
  for (const { section, key, value, line } of directives(text, problems)) {
    if (section !== 'Service') continue
    if (key === 'Environment') variables.push(...assignments({ value, line }, problems))
    if (key === 'EnvironmentFile') reads.push(readOf(value, line))
    if (key === 'ExecStart' && value !== '') start = { text: value, line }
  }
  if (start === undefined) {
    problems.push({ line: 1, expected: 'an ExecStart= that starts etcd', found: 'none' })
    return { members: [], problems }
  }
  const known = new Map([
    ...variables.map(({ name, value }) => [name, value] as const),
    ...fromFiles,
  ])
  const args = startArguments(start, known, problems)
  const given = joinGiven(fromArguments(args ?? [], start.line), fromVariables(variables))
  const member: MemberReading = {
    label: '',
    settings: given.settings.filter(({ name }) => name !== 'config-file'),
    notUnderstood: given.notUnderstood,
    reads: [...reads, ...configFileOf(given)],
    variables: known,
  }
  return { members: args === undefined ? [] : [member], problems: [...problems, ...given.problems] }
}

interface Directive {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

function directives(text: string, problems: Problem[]): Directive[] {
  let section = ''
  return joinLines(text).flatMap(({ text: content, line }) => {
    const [, name] = /^\[(.*)\]$/.exec(content) ?? []
    if (name !== undefined) section = name
    const [, key = '', value = ''] = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/s.exec(content) ?? []
    if (name === undefined && (key === '' || section === '')) {
      problems.push({ line, expected: 'a [Section] or Key=value', found: content.slice(0, 60) })
    }
    return key === '' ? [] : [{ section, key, value, line }]
  })
}

function assignments({ value, line }: { value: string; line: number }, problems: Problem[]) {
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
    path: value.replace(/^-/, ''),
    line,
    isOptional: value.startsWith('-'),
  }
}

/** The arguments behind etcd, which systemd starts itself or through a shell. */
function startArguments(
  { text, line }: { readonly text: string; readonly line: number },
  variables: ReadonlyMap<string, string>,
  problems: Problem[],
): readonly string[] | undefined {
  const { words, problem } = splitWords(text.replace(/^[@\-:+!]+/, ''), line)
  if (problem !== undefined) problems.push(problem)
  const at = words.findIndex(isEtcd)
  const isShell = /^(ba|da|z|k)?sh$/.test(basename(words[0] ?? ''))
  if (at >= 0 && !isShell) return words.slice(at + 1).flatMap((word) => expandWord(word, variables))
  const script = words[words.findIndex((word) => /^-\w*c$/.test(word)) + 1]
  const found = isShell && script !== undefined ? etcdArguments(script, variables) : undefined
  if (found === undefined) {
    problems.push({
      line,
      expected: 'an ExecStart= that starts etcd',
      found: words[0] ?? 'nothing',
    })
  }
  return found?.args
}
