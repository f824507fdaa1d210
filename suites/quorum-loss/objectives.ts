import type { ClusterSpec, Objective } from '../../harness/index.ts'

/** A killed member replays its log and rejoins before it votes. */
const memberStartMs = 5_000

/**
 * No member has to detect a loss first: no election follows, or a requested one, or a leader steps
 * down at once when it receives a later term. A candidate waits for up to two election timeouts; the
 * extra second allows for a busy machine.
 */
export function withinOneVote(spec: ClusterSpec): Objective[] {
  const atMost = 2 * spec.electionTimeoutMs + 1_000
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}

/** etcd gives up a silent connection to a peer, and dials again, after 5 s (rafthttp). */
const peerConnectionMs = 5_000

/** Members reconnect first and may repeat a vote. */
export function recoversByElection(spec: ClusterSpec): Objective[] {
  return [{ measure: 'recoveryMs', atMost: 5 * spec.electionTimeoutMs + peerConnectionMs }]
}

/** Members start first. */
export function recoversByRestart(spec: ClusterSpec): Objective[] {
  return [{ measure: 'recoveryMs', atMost: 5 * spec.electionTimeoutMs + memberStartMs }]
}
