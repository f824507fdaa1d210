import { type ClusterSpec, type Objective, timing } from '../../harness/index.ts'

/** A short heartbeat makes no disk faster: five of etcd's own heartbeats. */
const leastStepMs = 500

/**
 * A delete, a compaction, a defragmentation of each member, a disarming and the first write: each is
 * one request, which a healthy cluster serves in a steady time. All but the last rewrite what lies on
 * the disk.
 */
export function withinOneRecovery(spec: ClusterSpec): Objective[] {
  const steps = 4 + spec.members.length
  const stepMs = Math.max(timing.steadyMs(spec), leastStepMs)
  const from =
    stepMs > timing.steadyMs(spec)
      ? `${steps} steps of ${leastStepMs} ms, of work on the disk`
      : `${steps} steps of five heartbeats of ${spec.heartbeatIntervalMs} ms`
  return [{ measure: 'recoveryMs', atMost: steps * stepMs, from }]
}
