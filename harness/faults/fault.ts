import type { Cluster } from '../cluster/types.ts'

/**
 * Puts back what the fault took away. Safe to call twice, and when its members were killed,
 * restarted or removed meanwhile; never throws for what is already so.
 */
export interface Undo {
  (): Promise<void>
  /** What was done where that is not plain from the name, such as `proxy` instead of `netem`. */
  readonly detail?: string
}

export interface FaultNeeds {
  /** Names of capabilities as `gauntlet doctor` lists them, such as `sidecar` or `iptables`. */
  readonly capabilities?: readonly string[]
  readonly minMembers?: number
  /**
   * How many members it may be aimed at: `one`, fewer than half (`minority`), `all` at once whoever
   * is named, or `any` number, which is the default.
   */
  readonly targets?: 'one' | 'minority' | 'any' | 'all'
  /** Its targets' data must be on a volume of the engine's disk, not in memory. */
  readonly volume?: 'disk'
}

/**
 * A named thing that happens to members. `inject` returns when the fault is in force and proven so
 * (the process is gone, the rule is listed), with the way back. When it throws, it has put back
 * what it had done so far.
 */
export interface Fault {
  readonly name: string
  /** One line, as it completes "the fault …". */
  readonly description: string
  readonly needs: FaultNeeds
  /** The target's own copy of the data is lost for good: undo builds it anew from the others. */
  readonly destroysData?: boolean
  inject(cluster: Cluster, targets: readonly string[]): Promise<Undo>
}
