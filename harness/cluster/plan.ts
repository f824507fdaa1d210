import type { Log } from '../core/log.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'
import type { MemberSettings } from './member-settings.ts'

/** Everything that raising a cluster needs to know. */
export interface ClusterPlan {
  readonly spec: ClusterSpec
  /** Value of the label `gauntlet` on all that is started. */
  readonly runId: string
  /** Of etcd; by architecture when members differ. */
  readonly image: string | Readonly<Partial<Record<Architecture, string>>>
  /** Without it `inNetwork` throws. */
  readonly toolboxImage?: string
  /** Every deadline is multiplied by it: above 1 for emulated members. Default 1. */
  readonly timeScale?: number
  /** Outlives this process: `gauntlet up`. Disposing removes it all the same. */
  readonly keep?: boolean
  /** Each member's log is saved there when the cluster ends, also when its start fails. */
  readonly saveLogsTo?: string
  /** What differs from the spec, by member name. */
  readonly settings?: Readonly<Record<string, MemberSettings>>
  /** Default true; false returns when all processes run, for clusters that are not to come up. */
  readonly awaitHealthy?: boolean
  readonly log?: Log
}
