import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import { variableOf } from '../etcd/flags.ts'
import type { FileForm } from '../file-form.ts'
import { etcdCommands } from '../text/etcd-command.ts'
import { readEnvironmentAs } from './environment-readers.ts'

/**
 * A file of variables, one `NAME=value` a line. By itself it is read as systemd's `EnvironmentFile=` is,
 * and as a shell's where it exports all; a file that reads it decides otherwise.
 */
export const environmentFile: FileForm = {
  name: 'environment',
  title: 'an environment file',
  recognises: ({ text }) => {
    // With a command that starts etcd it is a script.
    return (hasVariables(text) || areAssignments(text)) && etcdCommands(text).commands.length === 0
  },
  read: ({ text }) => {
    // Only a shell exports. Of one that exports a part nobody knows what the rest is for.
    const isShells = linesOf(text).every((line) => /^\s*export\s/.test(line))
    const reader = isShells ? 'shell' : 'systemd'
    return readEnvironmentAs({ reader, kind: 'environment' }, text, new Map())
  },
  write: (members) =>
    members.map(({ member, configuration }) => ({
      name: `${member}.env`,
      text: writeEnvironment(configuration),
    })),
}

/** Variables of etcd, and few lines that are no assignment: those are mistakes in it. */
function hasVariables(text: string): boolean {
  // A file that begins with its interpreter, or writes other files, is a script.
  if (
    /^#!|<<-?\s*["'\\]?\w/m.test(text) ||
    !/^[ \t]*(export[ \t]+)?ETCD_[A-Z0-9_]+[ \t]*=/m.test(text)
  ) {
    return false
  }
  const lines = linesOf(text)
  const others = lines.filter((line) => !/^\s*(export\s+)?[A-Za-z_]\w*\s*=/.test(line))
  return others.length * 2 <= lines.length || /["']\s*$/.test(others.at(-1) ?? '')
}

const linesOf = (text: string) =>
  text.split('\n').filter((line) => /\S/.test(line) && !/^\s*[#;]/.test(line))

/** Nothing but variables, comments and empty lines: the `.env` of a Compose file, for one. */
function areAssignments(text: string): boolean {
  const lines = linesOf(text)
  return lines.length > 0 && lines.every((line) => /^\s*(export\s+)?[A-Z_][A-Z0-9_]*=/.test(line))
}

/** One quoted variable a line. */
export function writeEnvironment(configuration: MemberConfiguration): string {
  return configuration
    .map(({ name, value }) => `${variableOf(name)}="${value.replaceAll(/["\\`$]/g, '\\$&')}"\n`)
    .join('')
}
