import type { Member } from '../cluster/types.ts'
import { parsePrometheus, type Sample } from '../core/etcd/prometheus.ts'
import { agentFor, sendOnce } from '../core/network/http.ts'

const timeoutMs = 2_000

/** The samples of the member's metrics page. Throws when it does not answer. */
export async function readSamples(member: Member): Promise<readonly Sample[]> {
  const agent = agentFor(undefined)
  try {
    const url = new URL('/metrics', member.metricsEndpoint)
    return parsePrometheus((await sendOnce({ url, agent, timeoutMs })).body)
  } finally {
    agent.destroy()
  }
}
