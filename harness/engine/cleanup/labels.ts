import { InputError } from '../../core/errors.ts'
import { currentOwner, formatOwner, isAlive, parseOwner } from './owner.ts'

/** On everything we start; its value is the run's id. */
export const runLabel = 'gauntlet'
/** The process that started it, see `Owner`. Nothing without both is ever touched. */
export const ownerLabel = 'gauntlet.owner'
/** `true` on what outlives its process on purpose: a cluster of `gauntlet up`. */
export const keepLabel = 'gauntlet.keep'
/** Host ports it was given, comma-separated: taken even while the container is stopped. */
export const portsLabel = 'gauntlet.ports'
/** Its part: `member`, `sidecar`, `tool`, `data`, `network`. */
export const roleLabel = 'gauntlet.role'

/** What the engine's lists take as `filters`: only what carries all these labels. */
export function filtersOf(
  labels: readonly string[],
  more: Readonly<Record<string, readonly string[]>> = {},
): string {
  return JSON.stringify({ label: labels, ...more })
}

export type ContainerLabels = Readonly<Record<string, string>>

/** The run that something belongs to. Its labels are made from this. */
export interface Belonging {
  readonly runId: string
  /** Outlives its process; removed only by name or by a forced sweep. */
  readonly keep?: boolean
}

/** Throws an InputError for a run's id that is none: see `isRunId`. */
export function labelsOf(belonging: Belonging, role: string): ContainerLabels {
  const { runId } = belonging
  if (!isRunId(runId)) {
    throw new InputError(`Expected the id of a run to be a plain file name, got \`${runId}\``)
  }
  return {
    [runLabel]: runId,
    [ownerLabel]: formatOwner(currentOwner()),
    [roleLabel]: role,
    ...(belonging.keep && { [keepLabel]: 'true' }),
  }
}

/**
 * Whether it may be the id of a run. Ids are names of directories, and anything at the engine may
 * carry our label: one that leads elsewhere, such as `../..`, is never ours.
 */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text)
}

/** Started by a run of Gauntlet: it has a run's id and an owner, both well-formed. */
export function isOurs(labels: ContainerLabels): boolean {
  return isRunId(labels[runLabel] ?? '') && parseOwner(labels[ownerLabel] ?? '') !== undefined
}

/** Started by a run whose process is gone, and not meant to outlive it. */
export function isLeftover(labels: ContainerLabels): boolean {
  if (!isOurs(labels) || labels[keepLabel] === 'true') return false
  const owner = parseOwner(labels[ownerLabel] ?? '')
  return owner !== undefined && !isAlive(owner)
}
