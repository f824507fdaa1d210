import { type ClusterSpec, featuresOf, type Objective, timing } from '../../harness/index.ts'

/** Requests that were lost with a leader are sent again to the next one (etcd's readIndexRetryTime). */
const readRetryMs = 500

/**
 * A candidate stands after two election timeouts at the latest. The vote and the first entry of the new
 * leader take a steady time, and so do the clients. Each vote that is split costs another candidacy.
 */
export function withinOneElection(spec: ClusterSpec): Objective[] {
  return outageBounds(electionBound(spec), spec)
}

/** The same of the clients of the members that no fault is aimed at, each pinned to its member. */
export function othersWithinOneElection(spec: ClusterSpec): Objective[] {
  const bound = electionBound(spec)
  return [...outageBounds(bound, spec), ...othersOutageBounds(bound, spec)]
}

/**
 * Clients of the other members notice nothing: their requests are served as ever, and where members
 * pre-vote no term begins.
 */
export function takesNothing(spec: ClusterSpec): Objective[] {
  const bound = steadyBound(spec)
  return [
    ...outageBounds(bound, spec),
    ...othersOutageBounds(bound, spec),
    { measure: 'otherMembersUnserved', atMost: 0.01, from: 'one request of a hundred' },
    ...(timing.hasPreVote(spec)
      ? [{ measure: 'termsTried', atMost: 0, from: 'a member that returns pre-votes' } as const]
      : []),
  ]
}

/** For steps that cost neither an election nor a restart: clients are served as ever. */
export function noOutage(spec: ClusterSpec): Objective[] {
  const bound = steadyBound(spec)
  return [
    { measure: 'writeOutageMs', ...bound },
    { measure: 'readOutageMs', ...bound },
  ]
}

/** Shorter than any outage. */
function steadyBound(spec: ClusterSpec): Bound {
  const { heartbeatIntervalMs } = spec
  return {
    atMost: 2 * timing.steadyMs(spec),
    from: `ten heartbeats of ${heartbeatIntervalMs} ms`,
  }
}

type Bound = Pick<Extract<Objective, { atMost: number }>, 'atMost' | 'from' | 'lostVotes'>

/** The time until another leader serves, from the loss of the one before. */
export function electionBound(
  spec: ClusterSpec,
  before: { ms: number; why: string } = none,
): Bound {
  const { electionTimeoutMs, heartbeatIntervalMs } = spec
  const addMs = timing.longestCandidacyMs(spec)
  const ratio = Number((electionTimeoutMs / heartbeatIntervalMs).toFixed(1))
  return {
    atMost: before.ms + addMs + 2 * timing.steadyMs(spec),
    from: `${before.why}two election timeouts of ${electionTimeoutMs} ms and ten heartbeats of ${heartbeatIntervalMs} ms; election / heartbeat is ${ratio}`,
    lostVotes: { most: timing.likelyLostVotes(spec), addMs },
  }
}

const none = { ms: 0, why: '' }

/** What comes before an election where members start: the user may have them check their data first. */
export function withInitialCheck(spec: ClusterSpec, start: { ms: number; why: string }) {
  const ms = timing.initialCheckMs(spec)
  if (ms === 0) return start
  return { ms: start.ms + ms, why: `${start.why}${ms} ms for its initial corruption check, ` }
}

function outageBounds(bound: Bound, spec: ClusterSpec): Objective[] {
  return [
    { measure: 'writeOutageMs', ...bound },
    { measure: 'readOutageMs', ...forReads(bound, spec) },
  ]
}

function othersOutageBounds(bound: Bound, spec: ClusterSpec): Objective[] {
  return [
    { measure: 'otherMembersWriteOutageMs', ...bound },
    { measure: 'otherMembersReadOutageMs', ...forReads(bound, spec) },
  ]
}

/**
 * Before 3.4.20 a member asks for a read index once: a lost one ends with the time of a request. Without
 * pre-vote the member that comes back deposes the leader meanwhile, so that the next one is lost as well.
 */
function forReads(bound: Bound, spec: ClusterSpec): Bound {
  if (featuresOf(spec.version).has('read-index-retry')) {
    const from = `${bound.from}; a read that was lost is sent again after ${readRetryMs} ms`
    return { ...bound, atMost: bound.atMost + readRetryMs, from }
  }
  const requestMs = timing.requestTimeoutMs(spec)
  const lost = `${bound.from}; a read that was lost is given up after ${requestMs} ms`
  const atMost = bound.atMost + requestMs
  if (timing.hasPreVote(spec)) return { ...bound, atMost, from: lost }
  const from = `${lost}; twice, because without pre-vote a member that comes back deposes the leader`
  return { ...bound, atMost: 2 * atMost, from }
}
