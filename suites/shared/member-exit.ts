import { type Drill, done, type Member, MemberExitedError, notYet } from '../../harness/index.ts'

/** A member that must exit, and the promise that it does, as of `Drill.expect`. */
export interface ExpectedExit {
  readonly id: string
  readonly sentence: string
  readonly member: Member
  readonly start: () => Promise<void>
  /** What it must log before it exits. */
  readonly logs?: RegExp
}

/** Starts a member, waits until it exits, and expects the reason in what it logged since. */
export async function expectExit(drill: Drill, expected: ExpectedExit): Promise<void> {
  const { id, sentence, member, start, logs = /(?:)/ } = expected
  const before = (await member.logs()).length
  const isRunning = await start().then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof MemberExitedError) return false
      throw thrown
    },
  )
  if (isRunning) await untilExit(drill, { id, sentence, member })
  const log = (await member.logs()).slice(before)
  drill.mark('note', `${member.name} exited after its start`, member)
  drill.expect(id, sentence, logs.test(log), lastComplaint(log))
}

/** Waits until a member exits that must. */
export async function untilExit(
  drill: Drill,
  { id, sentence, member }: Pick<ExpectedExit, 'id' | 'sentence' | 'member'>,
): Promise<void> {
  const look = async () => ((await member.isRunning()) ? notYet('a running member') : done(true))
  await drill.becomes(id, sentence, look, { deadlineMs: drill.deadlines.exitMs })
}

/** The last line of at least a warning, else the last line. */
export function lastComplaint(log: string): string {
  const lines = log.trim().split('\n')
  const complaint = lines.findLast((line) => /"level":"(warn|error|fatal|panic)|panic:/.test(line))
  return (complaint ?? lines.at(-1) ?? '').slice(0, 300)
}
