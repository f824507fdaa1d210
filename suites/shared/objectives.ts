import type { ClusterSpec, Objective } from '../../harness/index.ts'

/** Members detect the loss within two election timeouts; the rest is the vote and reconnecting. */
export function withinOneElection(spec: ClusterSpec): Objective[] {
  const atMost = 3 * spec.electionTimeoutMs + 1_000
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}
