import type { Cluster } from '../cluster/types.ts'
import type { Effect, Proof } from '../core/effect.ts'

/**
 * Restores what the fault took away. Safe to call twice, and when its members were killed, restarted
 * or removed meanwhile; never throws for what is already so.
 */
export interface Undo {
  (): Promise<void>
  /** What was done where that is not plain from the name, such as `proxy` instead of `netem`. */
  readonly detail?: string
}

/** What a fault needs of the machine, the cluster and its targets. */
export interface FaultNeeds {
  /** Names of capabilities as `gauntlet doctor` lists them, such as `sidecar` or `iptables`. */
  readonly capabilities?: readonly string[]
  readonly minMembers?: number
  /**
   * How many members it may be aimed at: `one`, fewer than half (`minority`), `all` at once
   * whatever is named, or `any` number, which is the default.
   */
  readonly targets?: 'one' | 'minority' | 'any' | 'all'
  /** Its targets' data must be on a volume of the engine's disk, not in memory. */
  readonly volume?: 'disk'
  /** Its targets wait for their disk, which they do not with `unsafe-no-fsync`. */
  readonly fsync?: true
  /** Its targets are doors, which the cluster must have. */
  readonly doors?: true
  /** A binary that was built with failpoints. */
  readonly failpoints?: true
}

/** Measures what a fault does at this moment. Does not throw: what cannot be read is not observed. */
export type Measure = () => Promise<Proof>

/** A named thing that happens to members. */
export interface Fault {
  readonly name: string
  /** One line, as it completes "the fault …". */
  readonly description: string
  /** What kind of harm it does. Checkers and reports read this, never the name. */
  readonly effect: Effect
  readonly needs: FaultNeeds
  /** The target's own copy of the data is lost for good: undo builds it again from the others. */
  readonly destroysData?: boolean
  /**
   * A target exits for it, or may, though its effect does not say so (`stops` and `removes`
   * do): a restart. Whoever is connected to it must connect again.
   */
  readonly exits?: boolean
  /** It compacts the history, through no client of ours. */
  readonly compacts?: boolean
  /** The effect shows only with traffic or after a time: the conductor measures it repeatedly. */
  readonly isGradual?: boolean
  /**
   * Reads the state before the fault; the function that it returns measures the effect while the
   * fault is in force. It relies on nothing that `inject` returns, so that a fault that does nothing
   * is observed to do nothing.
   */
  probe(cluster: Cluster, targets: readonly string[]): Promise<Measure>
  /**
   * Returns when the fault is in force, with the way back. When it throws, it has undone what it
   * had done so far.
   */
  inject(cluster: Cluster, targets: readonly string[]): Promise<Undo>
}
