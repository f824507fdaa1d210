import {
  causesOf,
  exitCodes,
  GauntletError,
  GuaranteeBrokenError,
  messageOf,
} from '../../core/errors.ts'

/**
 * The one place where an error becomes a line on standard error and an exit code. An error that we
 * throw on purpose is one line without a stack; any other is our defect, shows its stack and exits
 * with 3, because 1 means a broken guarantee. Of several a broken guarantee decides, else the first.
 */
export function endWith(thrown: unknown): void {
  if (thrown === undefined) return
  const causes = causesOf(thrown)
  const decisive = causes.find((cause) => cause instanceof GuaranteeBrokenError) ?? causes[0]
  if (decisive instanceof GauntletError) {
    process.stderr.write(`gauntlet: ${messageOf(thrown)}\n`)
    process.exitCode = decisive.exitCode
    return
  }
  const stacks = causes.map((cause) => (cause instanceof Error ? cause.stack : String(cause)))
  process.stderr.write(
    `gauntlet: this is a defect of gauntlet itself, please report it: ${stacks.join('\n')}\n`,
  )
  process.exitCode = exitCodes.inconclusive
}

/** For an error that nothing catches: Node itself would exit with 1. */
export function endOnUncaught(): void {
  process.on('uncaughtException', (thrown) => {
    endWith(thrown)
    process.exit()
  })
}
