import { agentFor, type Member, parsePrometheus, sendOnce, sumOf } from '../../harness/index.ts'

const timeoutMs = 5_000

/**
 * A sample of the member's metrics page, over all labels; 0 where it has none yet. The page is a
 * second witness beside what the member answers to clients.
 */
export async function readMetric(member: Member, name: string): Promise<number> {
  const agent = agentFor(undefined)
  try {
    const url = new URL('/metrics', member.metricsEndpoint)
    const { body } = await sendOnce({ url, agent, timeoutMs })
    return sumOf(parsePrometheus(body), name) ?? 0
  } finally {
    agent.destroy()
  }
}
