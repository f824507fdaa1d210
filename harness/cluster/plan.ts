import { EnvironmentError, InputError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Belonging } from '../engine/cleanup/labels.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'
import type { MemberSettings } from './member/settings.ts'

/** All that decides how a cluster is started. */
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
  /** Each member's log is saved there when the cluster is disposed, also when its start fails. */
  readonly saveLogsTo?: string
  /** What differs from the spec, by member name. */
  readonly settings?: Readonly<Record<string, MemberSettings>>
  /** Default true; false returns when all processes run, for clusters that are not to come up. */
  readonly awaitHealthy?: boolean
  /**
   * Names of the failpoints that its binary was built with: each counts how often it is passed from the
   * start of the process on, and faults change what happens there. Absent: it is asked for none.
   */
  readonly failpoints?: readonly string[]
  readonly log?: Log
}

/** The run that everything belongs to which is started for the plan. */
export function belongingOf({ runId, keep }: ClusterPlan): Belonging {
  return { runId, ...(keep && { keep }) }
}

/** The plan's image for an architecture. Throws an InputError where there is none. */
export function imageFor({ image }: ClusterPlan, architecture: Architecture): string {
  const chosen = typeof image === 'string' ? image : image[architecture]
  if (chosen !== undefined) return chosen
  throw new InputError(`Expected an etcd image for ${architecture}, got none`, { architecture })
}

/** Throws an EnvironmentError where the plan has none. */
export function toolboxImageOf({ toolboxImage }: ClusterPlan): string {
  if (toolboxImage !== undefined) return toolboxImage
  throw new EnvironmentError('Expected the toolbox image to run its programs, got none')
}

/** A time of the plan's cluster: longer where members are emulated. */
export function scaledMs({ timeScale = 1 }: ClusterPlan, ms: number): number {
  return ms * timeScale
}
