import { DeadlineError, messageOf } from '../core/errors.ts'
import { done, notYet, type Observation, poll } from '../core/poll.ts'
import type { Member, MemberStatus } from './types.ts'

interface Answered {
  readonly member: Member
  readonly status: MemberStatus
}

export interface AgreementOptions {
  readonly deadlineMs: number
  readonly attemptTimeoutMs: number
  /** How many members must agree; the leader is always one of them. */
  readonly atLeast: number
  readonly signal?: AbortSignal
}

/** Polls until enough members, the leader among them, name the same leader of the same term. */
export function agreedLeader(
  members: readonly Member[],
  options: AgreementOptions,
): Promise<Member> {
  return poll(() => observe(members, options), {
    what: `${options.atLeast} of ${members.length} members to agree on a leader`,
    deadlineMs: options.deadlineMs,
    intervalMs: 15,
    ...(options.signal && { signal: options.signal }),
  })
}

/** Polls until this member reports that it is healthy. */
export async function untilMemberHealthy(
  member: Member,
  options: Omit<AgreementOptions, 'atLeast'>,
): Promise<void> {
  await poll(
    async () =>
      (await member.isHealthy(options.attemptTimeoutMs)) ? done(true) : notYet('not healthy'),
    {
      what: `member \`${member.name}\` to be healthy`,
      deadlineMs: options.deadlineMs,
      intervalMs: 15,
      ...(options.signal && { signal: options.signal }),
    },
  )
}

async function observe(
  members: readonly Member[],
  options: AgreementOptions,
): Promise<Observation<Member>> {
  const found = await Promise.all(
    members.map(async (member): Promise<Answered | string> => {
      try {
        return { member, status: await member.status(options.attemptTimeoutMs) }
      } catch (thrown) {
        const why = thrown instanceof DeadlineError ? 'no answer' : messageOf(thrown)
        return `${member.name}: ${why}`
      }
    }),
  )
  const answered = found.filter((one) => typeof one !== 'string')
  for (const { member, status } of answered) {
    if (status.leaderId !== status.memberId) continue
    const same = answered.filter(
      (other) => other.status.leaderId === status.leaderId && other.status.term === status.term,
    )
    if (same.length >= options.atLeast) return done(member)
  }
  return notYet(found.map(describe).join('; '))
}

function describe(one: Answered | string): string {
  if (typeof one === 'string') return one
  const { leaderId, term } = one.status
  return `${one.member.name}: leader ${leaderId ?? 'none'}, term ${term}`
}
