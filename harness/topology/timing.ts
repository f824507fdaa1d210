import { featuresOf } from './etcd-features.ts'
import type { ClusterSpec } from './spec.ts'

type Timing = Pick<ClusterSpec, 'electionTimeoutMs' | 'heartbeatIntervalMs'>

/**
 * etcd rejects an election timeout below five heartbeats (`embed.Config.Validate`): so long a cluster
 * may take for a heartbeat and still be healthy.
 */
const steadyHeartbeats = 5

/** The time in which a healthy cluster serves a request: five heartbeats. */
export function steadyMs({ heartbeatIntervalMs }: Timing): number {
  return steadyHeartbeats * heartbeatIntervalMs
}

/**
 * The time after which a follower that receives no heartbeat stands as a candidate: raft draws it from
 * one to two election timeouts, and draws again after a vote that no candidate wins.
 */
export function longestCandidacyMs({ electionTimeoutMs }: Timing): number {
  return 2 * electionTimeoutMs
}

/** Rarer than this, so many split votes in a row are no accident. */
const acceptedChance = 0.001

/**
 * How many votes in a row may be split between candidates. Raft counts in heartbeats, so two of the
 * members that are left draw the same time with a chance of about one in (election / heartbeat).
 */
export function likelySplitVotes(spec: Timing & Pick<ClusterSpec, 'members'>): number {
  const left = spec.members.length - 1
  const chance = Math.min(0.5, ((left - 1) * spec.heartbeatIntervalMs) / spec.electionTimeoutMs)
  if (chance <= 0) return 0
  return Math.ceil(Math.log(acceptedChance) / Math.log(chance)) - 1
}

/** Whether a member asks for votes only where it could win: one that returns deposes no leader. */
export function hasPreVote({
  version,
  options,
}: Pick<ClusterSpec, 'version' | 'options'>): boolean {
  const value = options['pre-vote']
  return value === undefined ? featuresOf(version).has('pre-vote-default') : value === 'true'
}
