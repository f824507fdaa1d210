import { memberOfCommand } from './container-command.ts'
import type { FileForm } from './file-form.ts'
import { flags } from './flags.ts'
import { etcdCommands } from './text/etcd-command.ts'
import { quoteForShell } from './text/shell.ts'

/**
 * etcd's command line as a shell has it, in a script or alone, with `\` at the ends of its lines; or
 * its flags alone, one or more a line. Each command of a script that starts etcd is a member.
 */
export const commandLine: FileForm = {
  name: 'flags',
  title: "etcd's command line",
  recognises: ({ text }) => /(^|[\s"'])([^\s"']*\/)?etcd(\s|$)/m.test(text) || areFlags(text),
  read: ({ text }) => {
    const script = areFlags(text) ? `etcd ${text.trimEnd().replaceAll(/\\?\r?\n/g, ' \\\n')}` : text
    const { commands, problems } = etcdCommands(script)
    if (problems.length > 0) return { members: [], problems }
    if (commands.length === 0) {
      const problem = { line: 1, expected: 'a command line of etcd', found: 'none' }
      return { members: [], problems: [problem] }
    }
    const read = commands.map((command) => memberOfCommand(command, { label: '' }))
    return {
      members: read.map(({ member }) => member),
      problems: read.flatMap((one) => one.problems),
    }
  },
  write: (members) =>
    members.map(({ member, configuration }) => {
      const words = flags.write(configuration).map(quoteForShell)
      return { name: `${member}.sh`, text: `${['etcd', ...words].join(' \\\n  ')}\n` }
    }),
}

function areFlags(text: string): boolean {
  return /^\s*--?[a-z]/.test(text)
}
