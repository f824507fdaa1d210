import type { Member, MemberProcess, MemberUsage } from '../../cluster/types.ts'

/** A process with its limits, and what the kernel counts for it. */
export interface ProcessLoad {
  readonly process: MemberProcess
  readonly usage: MemberUsage
}

/** Throws when the member has no container. */
export async function readLoad(member: Member): Promise<ProcessLoad> {
  return { process: await member.process(), usage: await member.usage() }
}

/** The engine keeps a limit as a whole number of its own unit. */
const roundingShare = 1.001

/** The limit was not there before, or was higher; 0 = no limit. */
export function isNewLimit(limit: number, before: number, now: number): boolean {
  const isInForce = (one: number) => one > 0 && one <= limit * roundingShare
  return !isInForce(before) && isInForce(now)
}
