import { memberOfCommand } from '../containers/container-command.ts'
import type { FileForm, MemberReading } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { etcdCommands } from '../text/etcd-command.ts'
import { formatUnreadScript, namedScript } from '../text/named-script.ts'
import { shellWords } from '../text/shell.ts'

/** A program of supervisord that is etcd: its command, and its environment. */
export const supervisor: FileForm = {
  name: 'supervisor',
  title: 'a configuration of supervisord',
  recognises: ({ text }) => /^\[program:[^\]\n]+\]/m.test(text),
  read: ({ text }, fromFiles = new Map()) => {
    const read = programsOf(text).flatMap(({ name, command, environment }): Read[] => {
      const variables = variablesOf(environment)
      const own = variables.map((variable) => [variable.name, variable.value] as const)
      const known = new Map([...fromFiles, ...own])
      const { commands, problems } = etcdCommands(command.text, known, command.line)
      const [found] = commands
      if (problems.length > 0 && /etcd/.test(command.text)) return [{ problems }]
      if (found === undefined) return []
      const whole = { ...found, variables: [...variables, ...found.variables] }
      return [memberOfCommand(whole, { label: name })]
    })
    const members = read.flatMap(({ member }) => member ?? [])
    const problems = read.flatMap((one) => one.problems)
    if (read.length > 0) return { members, problems }
    const scripts = programsOf(text).flatMap(({ name, command }) => {
      const words = shellWords(command.text).map((word) => ({ text: word, line: command.line }))
      return /etcd/.test(`${name} ${command.text}`) ? (namedScript(words) ?? []) : []
    })
    const expected = 'a program that starts etcd'
    const [script] = scripts
    const found = script === undefined ? 'none' : formatUnreadScript(script)
    return { members: [], problems: [{ line: script?.line ?? 1, expected, found }] }
  },
}

interface Read {
  readonly member?: MemberReading
  readonly problems: readonly Problem[]
}

interface Placed {
  readonly text: string
  readonly line: number
}

interface Program {
  readonly name: string
  readonly command: Placed
  readonly environment: Placed
}

/** A value goes on in the lines that are indented; a `;` behind a space begins a comment. */
function programsOf(text: string): readonly Program[] {
  const programs: { name: string; values: Map<string, Placed> }[] = []
  let key: string | undefined
  text.split('\n').forEach((raw, index) => {
    if (/^\s*([#;]|$)/.test(raw)) return
    const line = raw.replace(/\s;.*$/, '')
    const [, section] = /^\[(.*)\]\s*$/.exec(line) ?? []
    const current = programs.at(-1)?.values
    const [, name, value] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (section !== undefined) programs.push({ name: section, values: new Map() })
    else if (name !== undefined) current?.set(name, { text: value ?? '', line: index + 1 })
    else if (key !== undefined && /^\s/.test(line)) {
      const former = current?.get(key)
      if (former) current?.set(key, { ...former, text: `${former.text}\n${line}` })
    }
    key = section === undefined ? (name ?? key) : undefined
  })
  const empty = { text: '', line: 1 }
  return programs
    .filter(({ name }) => name.startsWith('program:'))
    .map(({ name, values }) => ({
      name: name.replace('program:', ''),
      command: onOneLine(values.get('command') ?? empty),
      environment: values.get('environment') ?? empty,
    }))
}

/** Its lines are one command. */
function onOneLine({ text, line }: Placed): Placed {
  return { text: text.replaceAll('\n', ' '), line }
}

/** `A="1",B=2`, which may go on over several lines. */
function variablesOf({ text, line }: Placed) {
  const pairs = text.matchAll(/([A-Za-z_]\w*)\s*=\s*("(?:\\.|[^"\\])*"|'[^']*'|[^,\n]*)/g)
  return [...pairs].map(({ 1: name = '', 2: value = '', index }) => ({
    name,
    value: value.trim().replace(/^(["'])(.*)\1$/s, '$2'),
    line: line + text.slice(0, index).split('\n').length - 1,
  }))
}
