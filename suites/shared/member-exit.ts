import { done, type Member, MemberExitedError, notYet, poll } from '../../harness/index.ts'

/** How a member behaved that must exit after its start. */
export interface MemberExit {
  readonly exited: boolean
  /** What it logged since the start. */
  readonly log: string
}

/** Starts a member and waits until it exits, or until the deadline. */
export async function startUntilExit(
  member: Member,
  start: () => Promise<void>,
  deadlineMs = 20_000,
): Promise<MemberExit> {
  const before = (await member.logs()).length
  try {
    await start()
  } catch (thrown) {
    if (!(thrown instanceof MemberExitedError)) throw thrown
    return { exited: true, log: (await member.logs()).slice(before) }
  }
  const exited = await untilExit(member, deadlineMs)
  return { exited, log: (await member.logs()).slice(before) }
}

/** Whether a running member exits before the deadline. */
export function untilExit(member: Member, deadlineMs = 30_000): Promise<boolean> {
  return poll(async () => ((await member.isRunning()) ? notYet('it runs') : done(true)), {
    what: `${member.name} to exit`,
    deadlineMs,
  }).catch(() => false)
}

/** For the `found` of an expectation: that it runs, or its last complaint. */
export function formatExit({ exited, log }: MemberExit): string {
  return exited ? lastComplaint(log) : 'a running member'
}

/** The last line of at least a warning, else the last line. */
function lastComplaint(log: string): string {
  const lines = log.trim().split('\n')
  const complaint = lines.findLast((line) => /"level":"(warn|error|fatal|panic)|panic:/.test(line))
  return (complaint ?? lines.at(-1) ?? '').slice(0, 300)
}
