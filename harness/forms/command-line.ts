import { configFileOf } from './container-command.ts'
import type { FileForm } from './file-form.ts'
import { flags } from './flags.ts'
import { fromArguments, fromVariables, joinGiven } from './given.ts'
import { etcdArguments, quoteForShell } from './text/shell.ts'

/**
 * etcd's command line as a shell has it, in a script or alone, with `\` at the ends of its lines; or
 * its flags alone, one or more a line.
 */
export const commandLine: FileForm = {
  name: 'flags',
  title: "etcd's command line",
  recognises: ({ text }) => /(^|\s)(\S*\/)?etcd(\s|$)/m.test(text) || /^\s*--?[a-z]/.test(text),
  read: ({ text }) => {
    const variables = exported(text)
    const known = new Map(variables.map(({ name, value }) => [name, value]))
    const isAlone = /^\s*--?[a-z]/.test(text)
    const script = isAlone ? `etcd ${text.replaceAll(/\\?\r?\n/g, ' ')}` : text
    const found = etcdArguments(script, known)
    if (found === undefined) {
      const problem = { line: 1, expected: 'a command line of etcd', found: 'none' }
      return { members: [], problems: [problem] }
    }
    const lines = found.args.map((argument) => lineOf(text, argument, found.line))
    const given = joinGiven(fromArguments(found.args, lines), fromVariables(variables))
    const member = {
      label: '',
      settings: given.settings.filter(({ name }) => name !== 'config-file'),
      notUnderstood: given.notUnderstood,
      reads: configFileOf(given),
    }
    return { members: [member], problems: given.problems }
  },
  write: (configuration, { member }) => {
    const words = flags.write(configuration).map(quoteForShell)
    return [{ name: `${member}.sh`, text: `${['etcd', ...words].join(' \\\n  ')}\n` }]
  },
}

/** `export ETCD_NAME=m1` lines before the command. */
function exported(text: string) {
  return text.split('\n').flatMap((line, index) => {
    const [, name, value] =
      /^\s*(?:export\s+)?(ETCD_\w+)=(?:"([^"]*)"|'([^']*)'|(\S*))\s*$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, value: value ?? '', line: index + 1 }]
  })
}

/** The shell's reader does not say where a word was; its flag is on the first line that has it. */
function lineOf(text: string, argument: string, first: number): number {
  const lines = text.split('\n')
  const find = (part: string) =>
    lines.findIndex((line, at) => at + 1 >= first && line.includes(part))
  const whole = find(argument)
  const at = whole < 0 ? find(/^--?[^=]+/.exec(argument)?.[0] ?? argument) : whole
  return at < 0 ? first : at + 1
}
