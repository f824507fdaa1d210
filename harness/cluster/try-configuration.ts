import { InputError } from '../core/errors.ts'
import { MemberExitedError } from './errors.ts'
import type { ClusterPlan } from './plan.ts'
import { startCluster } from './start.ts'

/**
 * Starts and stops one member with the options of the plan's spec, and one more for every other set
 * of options that a member has of its own. Throws an InputError with etcd's own first complaint when
 * a member exits for them, and a DeadlineError when it is never healthy.
 */
export async function tryConfiguration(plan: ClusterPlan): Promise<void> {
  const { spec } = plan
  const tried = new Map(
    spec.members.map((member) => [JSON.stringify(member.options ?? {}), member]),
  )
  for (const member of tried.values()) {
    try {
      await using _cluster = await startCluster({ ...plan, spec: { ...spec, members: [member] } })
    } catch (thrown) {
      if (!(thrown instanceof MemberExitedError)) throw thrown
      const complaint = firstComplaint(String(thrown.fields.logHead))
      throw new InputError(
        `Expected etcd ${spec.version} to start with the options given, got: ${complaint}`,
        { complaint, member: member.name },
      )
    }
  }
}

/** The first line that says what is wrong, without its JSON; else the first line. */
function firstComplaint(logs: string): string {
  const lines = logs.split('\n').filter((line) => line.trim() !== '')
  const isComplaint =
    /"level":"(fatal|error|panic)"|flag provided|invalid value|panic:|^(error|conflicting)\b/i
  const line = lines.find((one) => isComplaint.test(one)) ?? lines[0] ?? 'no word of etcd'
  return (inJson(line) ?? line).slice(0, 300)
}

function inJson(line: string): string | undefined {
  try {
    const { msg, error } = JSON.parse(line)
    return [msg, error].filter((part) => typeof part === 'string').join(': ')
  } catch {
    return undefined
  }
}
