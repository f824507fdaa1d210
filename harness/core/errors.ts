import './disposal.ts'

/**
 * Exit codes of the `gauntlet` command, stable for scripts:
 * `held` all held; `broken` a guarantee was broken or an objective missed; `usage` bad usage or
 * input; `inconclusive` could not tell; `environment` this machine cannot do it.
 */
export const exitCodes = {
  held: 0,
  broken: 1,
  usage: 2,
  inconclusive: 3,
  environment: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export interface ErrorFields {
  /** Facts a program would want: member, fault, seed, option, file, line. */
  readonly [field: string]: unknown
}

/**
 * Base of every error that we throw on purpose. `code` is stable and machine-readable, `exitCode` is
 * the command's, the message is one line with what was expected and what was observed.
 */
export class GauntletError extends Error {
  readonly code: string
  readonly exitCode: ExitCode
  readonly fields: ErrorFields

  constructor(
    message: string,
    options: { code: string; exitCode: ExitCode; fields?: ErrorFields; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.exitCode = options.exitCode
    this.fields = options.fields ?? {}
  }
}

/** The user's option, file or value is wrong. Nothing has been started. Exit 2. */
export class InputError extends GauntletError {
  constructor(message: string, fields: ErrorFields = {}, cause?: unknown) {
    super(message, { code: 'INPUT', exitCode: exitCodes.usage, fields, cause })
  }
}

/** This machine cannot do what was asked (no engine, no image, no emulation). Exit 4. */
export class EnvironmentError extends GauntletError {
  constructor(message: string, fields: ErrorFields = {}, cause?: unknown) {
    super(message, { code: 'ENVIRONMENT', exitCode: exitCodes.environment, fields, cause })
  }
}

/** A state did not come within its deadline; the message says what it last was. Exit 3. */
export class DeadlineError extends GauntletError {
  constructor(message: string, fields: ErrorFields = {}, cause?: unknown) {
    super(message, { code: 'DEADLINE', exitCode: exitCodes.inconclusive, fields, cause })
  }
}

/** A program could not do its work on this machine, which says nothing about etcd. Exit 3. */
export class ToolError extends GauntletError {
  constructor(message: string, fields: ErrorFields = {}, cause?: unknown) {
    super(message, { code: 'TOOL', exitCode: exitCodes.inconclusive, fields, cause })
  }
}

/** Names the guarantee: programs match this id, never the message. */
export interface BrokenGuarantee extends ErrorFields {
  /** Kebab-case and stable, such as `steady-after-fault`. */
  readonly expectation: string
}

/** A guarantee of etcd did not hold. Exit 1. */
export class GuaranteeBrokenError extends GauntletError {
  declare readonly fields: BrokenGuarantee

  constructor(message: string, fields: BrokenGuarantee, cause?: unknown) {
    super(message, { code: 'BROKEN', exitCode: exitCodes.broken, fields, cause })
  }
}

/**
 * What anything that was thrown says, on one line and never empty. Of an error that holds others,
 * every one is said: first the error that unwinding was for, then those that unwinding met.
 */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof SuppressedError) {
    return `${messageOf(thrown.suppressed)}; ${messageOf(thrown.error)}`
  }
  if (!(thrown instanceof Error)) return oneLine(String(thrown))
  const causes = thrown instanceof AggregateError ? thrown.errors.map(messageOf) : []
  const texts = [thrown.message, ...causes].filter((text) => text !== '')
  return texts.length > 0
    ? oneLine(texts.join('; '))
    : `an error without a message (${thrown.name})`
}

/**
 * The errors that an AggregateError or a SuppressedError (of `await using`) holds, nested ones too,
 * in the order in which they happened; of any other the thrown itself.
 */
export function causesOf(thrown: unknown): readonly unknown[] {
  if (thrown instanceof SuppressedError) {
    return [...causesOf(thrown.suppressed), ...causesOf(thrown.error)]
  }
  if (thrown instanceof AggregateError && thrown.errors.length > 0) {
    return thrown.errors.flatMap(causesOf)
  }
  return [thrown]
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}
