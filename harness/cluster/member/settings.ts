import type { RunningLimits } from '../../engine/container/lifecycle.ts'
import type { Architecture } from '../../topology/spec.ts'
import type { PrepareData } from '../tools.ts'

/** Limits of one member. An absent limit is unlimited. */
export interface MemberResources {
  readonly memoryBytes?: number
  /** Of one processor: 0.5 is half. */
  readonly cpus?: number
  /** Of the disk that backs the data, such as `/dev/vda`. */
  readonly disk?: {
    /** Default: the one that backs the engine's volumes, found out on this machine. */
    readonly device?: string
    readonly writeOpsPerS?: number
    readonly writeBytesPerS?: number
  }
  /** The data directory in memory and limited: a real ENOSPC. Lost when the member stops. */
  readonly dataTmpfsBytes?: number
  /** Its data volume mounted read-only: etcd exits when it opens it. */
  readonly dataReadOnly?: boolean
}

/** As an engine's container takes them: an absent limit stays as it is, null lifts it. */
export type MemberLimits = RunningLimits

/** What may differ from the spec in one member. An absent setting stays as it is. */
export interface MemberSettings {
  /** etcd options by flag name over the spec's; null removes one. */
  readonly options?: Readonly<Record<string, string | null>>
  readonly initialClusterState?: 'new' | 'existing'
  /** Member name → address; default all members there are. */
  readonly initialCluster?: Readonly<Record<string, string>>
  /** Arguments after all others, taken literally. */
  readonly extraFlags?: readonly string[]
  readonly image?: string
  /** Of etcd in that image; default the spec's. Its options are named as this version names them. */
  readonly version?: string
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly resources?: MemberResources
}

/** What a member's next container has: settings over those that it had, and its data. */
export interface RecreateOptions extends MemberSettings {
  /** An empty data volume instead of its own. */
  readonly wipeData?: boolean
  /**
   * Its data, copied, on a volume in memory of that size: a real ENOSPC. It outlives the member's
   * stops there. null brings it back to the disk. Needs the toolbox image.
   */
  readonly dataVolumeBytes?: number | null
  /** These settings replace all that it had, instead of adding to them. */
  readonly exactly?: boolean
  /** Runs on the data volume before the container starts. */
  readonly prepare?: PrepareData
}

/** A further member, for `Cluster.startMember`. */
export interface StartMemberOptions extends MemberSettings {
  readonly name: string
  /** Default: that of the cluster's first member. */
  readonly architecture?: Architecture
  /** Runs on the data volume before the container starts. */
  readonly prepare?: PrepareData
}

/** Later settings replace earlier ones; options and resources add up. */
export function mergeSettings(earlier: MemberSettings, later: MemberSettings): MemberSettings {
  const resources = { ...earlier.resources, ...later.resources }
  return { ...earlier, ...later, resources, options: { ...earlier.options, ...later.options } }
}
