import { currentOwner, formatOwner, isAlive, parseOwner } from './owner.ts'

/** On everything we start; its value is the run's id. Nothing without it is ever touched. */
export const runLabel = 'gauntlet'
/** The process that started it, see `Owner`. */
export const ownerLabel = 'gauntlet.owner'
/** `true` on what outlives its process on purpose: a cluster of `gauntlet up`. */
export const keepLabel = 'gauntlet.keep'
/** Host ports it was given, comma-separated: taken even while the container is stopped. */
export const portsLabel = 'gauntlet.ports'
/** Its part: `member`, `sidecar`, `tool`, `data`, `network`. */
export const roleLabel = 'gauntlet.role'

export type Labels = Readonly<Record<string, string>>

/** To whom something belongs: what every label of a run is made from. */
export interface Belonging {
  readonly runId: string
  /** Outlives its process; removed only by name or by a forced sweep. */
  readonly keep?: boolean
}

export function labelsOf(belonging: Belonging, role: string): Labels {
  return {
    [runLabel]: belonging.runId,
    [ownerLabel]: formatOwner(currentOwner()),
    [roleLabel]: role,
    ...(belonging.keep && { [keepLabel]: 'true' }),
  }
}

/** Started by a run whose process is gone, and not meant to outlive it. */
export function isLeftover(labels: Labels): boolean {
  if (labels[runLabel] === undefined || labels[keepLabel] === 'true') return false
  const owner = parseOwner(labels[ownerLabel] ?? '')
  return owner === undefined || !isAlive(owner)
}
