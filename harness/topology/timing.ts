import { isOn, isOnEverywhere } from './option-values.ts'
import type { ClusterSpec } from './spec.ts'

type Timing = Pick<ClusterSpec, 'electionTimeoutMs' | 'heartbeatIntervalMs'>
type Configured = Timing & Pick<ClusterSpec, 'version' | 'options' | 'members'>

/**
 * etcd rejects an election timeout below five heartbeats (`embed.Config.Validate`): so long a cluster
 * may take for a heartbeat and still be healthy.
 */
const steadyHeartbeats = 5

/** The time in which a healthy cluster serves a request: five heartbeats. */
export function steadyMs({ heartbeatIntervalMs }: Timing): number {
  return steadyHeartbeats * heartbeatIntervalMs
}

/** etcd itself warns of a request that takes longer (`DefaultWarningApplyDuration`). */
const warningMs = 100

/** While this machine runs in time, what takes so many long waits is slow. */
export const slowWaits = 3

/** A request that waits so long waits for something: a heartbeat of etcd's, and not less than it warns of. */
export function longWaitMs({ heartbeatIntervalMs }: Pick<Timing, 'heartbeatIntervalMs'>): number {
  return Math.max(warningMs, heartbeatIntervalMs)
}

/**
 * The time after which a follower that receives no heartbeat stands as a candidate: raft draws it from
 * one to two election timeouts, and draws again after a vote that no candidate wins.
 */
export function longestCandidacyMs({ electionTimeoutMs }: Timing): number {
  return 2 * electionTimeoutMs
}

/** A candidate without a majority tries again after one to two election timeouts. */
const electionRounds = 5
/** rafthttp gives up a silent connection to a peer after 5 s, and then dials again. */
export const peerConnectionMs = 5_000
/** A member opens its database, replays its log and completes TLS handshakes. */
const memberStartMs = 45_000

/** Until a majority knows one leader. */
export function electionDeadlineMs(timing: Timing): number {
  return electionRounds * longestCandidacyMs(timing) + peerConnectionMs
}

/** After this time a member gives up a request that gets no quorum (`ReqTimeout` of its config.go). */
export function requestTimeoutMs({ electionTimeoutMs }: Timing): number {
  return 5_000 + 2 * electionTimeoutMs
}

/**
 * How long the initial corruption check keeps a member from starting: it asks one peer after the other
 * for a hash, and a peer that does not answer takes a request's timeout.
 */
export function initialCheckMs(spec: Configured): number {
  const peers = isOn(spec, 'InitialCorruptCheck') ? spec.members.length - 1 : 0
  return peers * requestTimeoutMs(spec)
}

/** Until members that start are healthy and know one leader. */
export function startDeadlineMs(spec: Configured): number {
  return memberStartMs + initialCheckMs(spec) + electionDeadlineMs(spec)
}

/**
 * The shortest time to live of a lease: etcd raises a shorter one to one and a half election timeouts,
 * in whole heartbeats and then in whole seconds (`minTTL` of its server.go).
 */
export function leastLeaseS({ electionTimeoutMs, heartbeatIntervalMs }: Timing): number {
  const electionTicks = Math.floor(electionTimeoutMs / heartbeatIntervalMs)
  return Math.ceil((Math.floor((3 * electionTicks) / 2) * heartbeatIntervalMs) / 1_000)
}

/** Votes without a winner in a row whose chance is below this are no accident. */
const acceptedChance = 0.001

/**
 * How many votes in a row no candidate may win. Raft counts in heartbeats, so two of the members that are
 * left draw the same time, and split the vote, with a chance of about one in (election / heartbeat).
 * Without pre-vote a member that comes back with an old log stands, too: it draws the shortest time of all
 * with a chance of one in their number, the others refuse it their votes, and all draw again.
 */
export function likelyLostVotes(spec: Configured): number {
  const all = spec.members.length
  const split = ((all - 2) * spec.heartbeatIntervalMs) / spec.electionTimeoutMs
  const refused = all > 1 && !hasPreVote(spec) ? 1 / all : 0
  const chance = Math.min(0.5, Math.max(0, split) + refused)
  if (chance <= 0) return 0
  return Math.ceil(Math.log(acceptedChance) / Math.log(chance)) - 1
}

/** Whether members ask for votes only where they could win: one that returns deposes no leader. */
export function hasPreVote(spec: Configured): boolean {
  return isOnEverywhere(spec, 'pre-vote')
}
