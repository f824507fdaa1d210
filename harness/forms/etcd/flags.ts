import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import type { Form, FormReading, Problem, Setting } from '../form.ts'
import { isUnresolved } from '../text/unresolved.ts'
import { isValidValue, takesNoValue } from './boolean-flags.ts'

/**
 * etcd's command line without the program, one element an argument. It is read as Go's flag package
 * reads it: one dash or two; the value behind `=` or in the next argument, whatever that looks like;
 * a boolean alone is true. Written with `=` throughout, which also holds for booleans and for
 * values with leading dashes.
 */
export const flags: Form<readonly string[]> = {
  name: 'flags',
  read: readFlags,
  write: (configuration) => configuration.map(({ name, value }) => `--${name}=${value}`),
}

/** The values in force: of a flag that repeats, the last. */
export function flagsInForce({ settings }: FormReading): MemberConfiguration {
  const values = new Map(settings.map(({ name, value }) => [name, value]))
  return [...values].map(([name, value]) => ({ name, value }))
}

/** `quota-backend-bytes` → `ETCD_QUOTA_BACKEND_BYTES`: the variable that sets the same. */
export function variableOf(flag: string, program: 'ETCD' | 'ETCDCTL' = 'ETCD'): string {
  return `${program}_${flag.replaceAll('-', '_').toUpperCase()}`
}

function readFlags(args: readonly string[]): FormReading {
  const settings: Setting[] = []
  const problems: Problem[] = []
  for (let at = 0; at < args.length; ) {
    const line = at + 1
    const { read, problem, count } = readFlag(args, at)
    if (read !== undefined) settings.push({ ...read, line })
    if (problem !== undefined) problems.push({ ...problem, line })
    at += count
  }
  return { settings, problems }
}

interface FlagRead {
  readonly read?: { readonly name: string; readonly value: string }
  readonly problem?: { readonly expected: string; readonly found: string }
  /** How many arguments it took. */
  readonly count: number
}

function readFlag(args: readonly string[], at: number): FlagRead {
  const argument = args[at] ?? ''
  const rest = args.length - at
  if (argument === '--') return afterFlags(args[at + 1], rest)
  const [, name, assigned] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument) ?? []
  if (name === undefined) {
    // Go stops at what is no flag, and etcd exits: nothing behind it counts.
    const isSyntax = /^-./.test(argument)
    return isSyntax ? wrong('a flag such as --name=value', argument, 1) : afterFlags(argument, rest)
  }
  const takesNext = assigned === undefined && !takesNoValue(name)
  const value = takesNext ? args[at + 1] : (assigned ?? 'true')
  if (value === undefined) return wrong(`a value of --${name}`, 'the end', 1)
  const count = takesNext ? 2 : 1
  if (isValidValue(name, value) || isUnresolved(value)) return { read: { name, value }, count }
  return wrong(`true or false for --${name}`, value, count)
}

function afterFlags(argument: string | undefined, count: number): FlagRead {
  return argument === undefined ? { count } : wrong('a flag such as --name=value', argument, count)
}

function wrong(expected: string, found: string, count: number): FlagRead {
  return { problem: { expected, found }, count }
}
