import { type ClusterSpec, type Objective, timing } from '../../harness/index.ts'

/**
 * A delete, a compaction, a defragmentation of each member, a disarming and the first write: each is
 * one request, which a healthy cluster serves in a steady time.
 */
export function withinOneRecovery(spec: ClusterSpec): Objective[] {
  const steps = 4 + spec.members.length
  const atMost = steps * timing.steadyMs(spec)
  const from = `${steps} steps of five heartbeats of ${spec.heartbeatIntervalMs} ms`
  return [{ measure: 'recoveryMs', atMost, from }]
}
