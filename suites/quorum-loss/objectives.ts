import { type ClusterSpec, type Objective, timing } from '../../harness/index.ts'
import { electionBound, withInitialCheck } from '../shared/objectives.ts'

/** A killed member opens its database and replays its log before it votes: this machine's time. */
const memberStartMs = 5_000

/** Members reconnect first. */
export function recoversByElection(spec: ClusterSpec): Objective[] {
  const ms = timing.peerConnectionMs
  const before = { ms, why: `${ms} ms for a silent peer, ` }
  return [{ measure: 'recoveryMs', ...electionBound(spec, before) }]
}

/** Members start first, and then serve their own clients, too. */
export function recoversByRestart(spec: ClusterSpec): Objective[] {
  return [{ measure: 'recoveryMs', ...restartBound(spec) }, ...membersServeAgain(spec)]
}

/** A member that runs again serves its own clients within the time in which a cluster would. */
export function membersServeAgain(spec: ClusterSpec): Objective[] {
  return [{ measure: 'restartedMemberMs', ...restartBound(spec) }]
}

function restartBound(spec: ClusterSpec) {
  const start = { ms: memberStartMs, why: `${memberStartMs} ms for the start of a member, ` }
  return electionBound(spec, withInitialCheck(spec, start))
}

/** Raft gives up a transfer of leadership after one election timeout. */
export function withinOneTransfer(spec: ClusterSpec): Objective[] {
  const { electionTimeoutMs, heartbeatIntervalMs } = spec
  const atMost = electionTimeoutMs + 10 * heartbeatIntervalMs
  const from = `one election timeout of ${electionTimeoutMs} ms and ten heartbeats of ${heartbeatIntervalMs} ms`
  return [
    { measure: 'writeOutageMs', atMost, from },
    { measure: 'readOutageMs', atMost, from },
  ]
}
