import { createRandom, type Random } from '../../core/random.ts'
import { isOn } from '../../topology/option-values.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { workloadKeys } from '../../workload/plan.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import type { LateWatching } from './late-watchers.ts'
import type { KeyRange } from './watch-stream.ts'

/** How the members of a scenario are watched. */
export interface WatchingPlan extends LateWatching {
  readonly random: Random
  /** Absent = every key. */
  readonly keys?: KeyRange
  /** Nothing but clients of the workload and of the drill compacts. */
  readonly recordsCompactions: boolean
}

/** One late watcher a second over three members: each replays at most some hundred events. */
const lateByDefault: LateWatching = { everyMs: 3_000 }

/**
 * Every scenario has watchers, unless it skips the `watch` checker. Where other clients write as well,
 * watchers receive the workload's keys alone: the others' values may be large, and no request on record
 * explains them.
 */
export function planWatching(
  { id, skippedCheckers = {}, foreignWrites, faults, lateWatchers = lateByDefault }: Scenario,
  { seed }: Pick<RunPlan, 'seed'>,
  spec: ClusterSpec,
): WatchingPlan | undefined {
  if (Object.hasOwn(skippedCheckers, 'watch')) return undefined
  const isForeign = foreignWrites !== undefined
  const compactsUnseen =
    faults.some(({ compacts = false }) => compacts) || isOn(spec, 'auto-compaction-retention')
  return {
    ...lateWatchers,
    random: createRandom(seed).fork(id).fork('late'),
    ...(isForeign && { keys: workloadKeys }),
    recordsCompactions: !compactsUnseen,
  }
}
