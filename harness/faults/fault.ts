import type { Cluster } from '../cluster/types.ts'

/** Puts back what the fault took away. Safe to call twice; never throws for what is already so. */
export type Undo = () => Promise<void>

export interface FaultNeeds {
  /** Names of capabilities as `gauntlet doctor` lists them, such as `sidecar` or `netem`. */
  readonly capabilities?: readonly string[]
  readonly minMembers?: number
}

/**
 * A named thing that happens to members. `inject` returns when the fault is in force and proven so
 * (the process is gone, the rule is listed), with the way back.
 */
export interface Fault {
  readonly name: string
  readonly needs: FaultNeeds
  inject(cluster: Cluster, targets: readonly string[]): Promise<Undo>
}
