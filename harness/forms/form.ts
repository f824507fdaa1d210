import type { ConfigurationOption, MemberConfiguration } from '../topology/member-configuration.ts'

/**
 * One way to write down how a member is configured: flags, a file of variables, YAML, a unit. Pure.
 * `Source` is what it is written as: a text, or a list of arguments.
 *
 * What every form guarantees: `read(write(configuration))` has no problems, and its settings in
 * force are the configuration.
 */
export interface Form<Source> {
  readonly name: string
  /** Never throws: what it cannot read is a problem with its line. */
  read(source: Source): FormReading
  write(configuration: MemberConfiguration): Source
}

/** What a form's reader understood, and what it did not. */
export interface FormReading {
  /** In the order of the source; a name may repeat. */
  readonly settings: readonly Setting[]
  readonly problems: readonly Problem[]
}

/** An option of etcd as the source gives it: the value is the source's text. */
export interface Setting extends ConfigurationOption {
  /** From 1. Of a list of arguments, the argument's number. */
  readonly line: number
}

/** `line 7: expected a value of --name, got the end`. */
export interface Problem {
  readonly line: number
  readonly expected: string
  readonly found: string
  /** The script that starts etcd in this file's place, where it is given beside it. */
  readonly script?: StartedScript
}

interface StartedScript {
  readonly path: string
  /** What the file gives the script. */
  readonly variables: readonly Setting[]
  readonly image?: { readonly reference: string; readonly line: number }
}
