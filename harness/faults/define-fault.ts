import type { Cluster, Member } from '../cluster/types.ts'
import { exitCodes, GauntletError, InputError } from '../core/errors.ts'
import type { ProbeMembers } from './compare-readings.ts'
import type { Fault, FaultNeeds, Undo } from './fault.ts'

/** A fault whose functions get members instead of names. */
export interface FaultOnMembers extends Omit<Fault, 'inject' | 'probe'> {
  readonly inject: (cluster: Cluster, targets: readonly Member[]) => Promise<Undo>
  readonly probe: ProbeMembers
}

/** A fault that rejects, with an InputError and nothing done, targets that do not meet its needs. */
export function defineFault(fault: FaultOnMembers): Fault {
  const targetsOf = (cluster: Cluster, names: readonly string[]) => {
    const targets = [...new Set(names)].map((name) => cluster.member(name))
    const problem =
      problemWith(fault.needs, cluster, targets.length) ?? problemWithData(fault.needs, targets)
    if (problem !== undefined) throw new InputError(`Expected ${fault.name} to get ${problem}`)
    return fault.needs.targets === 'all' ? cluster.members : targets
  }
  return {
    ...fault,
    probe: async (cluster, names) => fault.probe(cluster, targetsOf(cluster, names)),
    inject: async (cluster, names) => fault.inject(cluster, targetsOf(cluster, names)),
  }
}

function problemWith(needs: FaultNeeds, { members }: Cluster, count: number): string | undefined {
  const { minMembers = 1, targets = 'any' } = needs
  const got = `got ${count} of ${members.length}`
  if (members.length < minMembers) return `a cluster of at least ${minMembers} members, ${got}`
  if (targets === 'all') return undefined
  if (count === 0) return `a target, ${got}`
  if (targets === 'one' && count > 1) return `one target, ${got}`
  if (targets === 'minority' && 2 * count >= members.length) return `a minority, ${got}`
  return undefined
}

function problemWithData({ volume }: FaultNeeds, targets: readonly Member[]): string | undefined {
  if (volume !== 'disk') return undefined
  const inMemory = targets.find(({ settings }) => settings.resources?.dataTmpfsBytes !== undefined)
  return inMemory && `data on a disk, got that of ${inMemory.name} in memory`
}

/** Does its work once. Calls meanwhile share it; after a failure the next call tries again. */
export function idempotentUndo(heal: () => Promise<void>, detail?: string): Undo {
  let healing: Promise<void> | undefined
  const undo = () => {
    healing ??= heal().catch((thrown) => {
      healing = undefined
      throw thrown
    })
    return healing
  }
  return detail === undefined ? undo : Object.assign(undo, { detail })
}

export const nothingToUndo = (detail?: string): Undo => idempotentUndo(async () => {}, detail)

/** Harms, then hands out the undo; when harming fails what it did is undone first. */
export async function injectOrUndo(harm: () => Promise<unknown>, undo: Undo): Promise<Undo> {
  await using unwinding = new AsyncDisposableStack()
  unwinding.defer(undo)
  await harm()
  unwinding.move()
  return undo
}

/** Acts on all at once. Waits for each even when one fails, so that none goes on unseen. */
export async function forAll<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const ended = await Promise.allSettled(items.map(act))
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

type Named = Pick<Member, 'name'>

/** Whether the member or door was not taken out of the cluster meanwhile. */
export function isPresent({ members, doors }: Pick<Cluster, 'members' | 'doors'>, one: Named) {
  const present: readonly Named[] = members
  return present.includes(one) || (doors as readonly Named[]).includes(one)
}

/** False too for a member that was taken out of the cluster meanwhile. */
export async function isStillRunning(
  cluster: Cluster,
  one: Pick<Member, 'name' | 'isRunning'>,
): Promise<boolean> {
  return isPresent(cluster, one) && (await one.isRunning())
}

/** For a process that has exited, by the fault or because of it; nothing for one that runs or is gone. */
export async function startIfDown(cluster: Cluster, member: Member): Promise<void> {
  if (!cluster.members.includes(member) || (await member.isRunning())) return
  await member.start()
}

/** The means of a fault failed: whether etcd would have held is unknown. Exit 3. */
export class FaultError extends GauntletError {
  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message, { code: 'FAULT', exitCode: exitCodes.inconclusive, fields })
  }
}
