import { type ErrorFields, exitCodes, GauntletError } from '../core/errors.ts'

const shownLines = 3
const shownCharacters = 300
const keptLines = 40

/**
 * A member exited while the cluster was starting. The message has its last lines, `fields` has
 * `logTail`, more of them, and `logHead`, its first ones. Exit 3: only the log shows whose fault it is.
 */
export class MemberExitedError extends GauntletError {
  constructor(options: { member: string; exitStatus: number; logs: string; cause?: unknown }) {
    const { member, exitStatus, logs, cause } = options
    const lines = logs.split('\n').filter((line) => line.trim() !== '')
    super(
      `Expected member \`${member}\` to run, got exit status ${exitStatus}; its last lines: ${shown(lines)}`,
      {
        code: 'MEMBER_EXITED',
        exitCode: exitCodes.inconclusive,
        fields: {
          member,
          exitStatus,
          logHead: lines.slice(0, keptLines).join('\n'),
          logTail: lines.slice(-keptLines).join('\n'),
        },
        cause,
      },
    )
  }
}

/** A wrong flag is followed by etcd's usage: its complaint is worth more than the last lines. */
function shown(lines: readonly string[]): string {
  const complaints = lines.filter((line) =>
    /"level":"(fatal|error|panic)"|flag provided|panic:/.test(line),
  )
  const chosen = complaints.length > 0 ? complaints : lines
  return chosen
    .slice(-shownLines)
    .map((line) => line.slice(0, shownCharacters))
    .join(' | ')
}

/** etcd did not change its membership, or did not list it. Exit 3. */
export class MembershipError extends GauntletError {
  constructor(message: string, fields: ErrorFields = {}) {
    super(message, { code: 'MEMBERSHIP', exitCode: exitCodes.inconclusive, fields })
  }
}
