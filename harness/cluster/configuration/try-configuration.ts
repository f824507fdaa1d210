import { InputError } from '../../core/errors.ts'
import { MemberExitedError } from '../errors.ts'
import type { ClusterPlan } from '../plan.ts'
import { startCluster } from '../start.ts'

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

/** By what etcd complains, the plainest first; a warning may have its reason in a field. */
const complaints = [
  /flag provided but not defined|invalid value|conflicting environment variable/,
  /"level":"(fatal|error|panic)"|^panic:/,
  /"level":"warn".*"error":/,
]

/** The first line that says what is wrong, without its JSON; else the last line. */
function firstComplaint(logs: string): string {
  const lines = logs.split('\n').filter((line) => line.trim() !== '')
  const found = complaints.map((complaint) => lines.find((line) => complaint.test(line)))
  const line = found.find(Boolean) ?? lines.at(-1) ?? 'no word of etcd'
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
