import type { OperationClass } from '../../../history/operation-class.ts'
import type { Bounds } from '../bounds.ts'
import type { Outage } from './unserved-spans.ts'

/** An outage, and whether this machine was too busy meanwhile for it to say anything about etcd. */
export type FeltOutage = Outage & { readonly isBusy: boolean }

/** The outages of one class of requests; undefined where no client asked, or nothing is measured. */
export interface OutagesOfClass {
  readonly cluster: readonly FeltOutage[] | undefined
  /** Of the clients of any member, each pinned to its own. */
  readonly members: readonly FeltOutage[] | undefined
  /** The same of the members that no fault is aimed at. */
  readonly otherMembers: readonly FeltOutage[] | undefined
  /** Stretches in which not one request of any client was served, where a door shares them out. */
  readonly none: readonly FeltOutage[] | undefined
}

const names = {
  write: {
    cluster: 'writeOutageMs',
    members: 'memberWriteOutageMs',
    otherMembers: 'otherMembersWriteOutageMs',
    none: 'noWriteServedMs',
  },
  'linearizable-read': {
    cluster: 'readOutageMs',
    members: 'memberReadOutageMs',
    otherMembers: 'otherMembersReadOutageMs',
    none: 'noReadServedMs',
  },
  'serializable-read': {
    cluster: 'serializableReadOutageMs',
    members: 'memberSerializableReadOutageMs',
    otherMembers: 'otherMembersSerializableReadOutageMs',
    none: 'noSerializableReadServedMs',
  },
} as const satisfies Record<OperationClass, Record<keyof OutagesOfClass, string>>

/** run.json's contract: every scenario with a fault has them, null where they were not measured. */
const required: ReadonlySet<string> = new Set(['writeOutageMs', 'readOutageMs'])

/**
 * The lower bound of the longest outage, by the name of its measure, and both its bounds. What clients
 * felt while this machine was busy proves nothing: it is in the measure, and in the upper bound alone.
 */
export function summarizeOutages(
  requestClass: OperationClass,
  outages: OutagesOfClass,
): { readonly measures: Record<string, number | null>; readonly bounds: Bounds } {
  const measures: Record<string, number | null> = {}
  const bounds: Record<string, Bounds[string]> = {}
  for (const scope of ['cluster', 'members', 'otherMembers', 'none'] as const) {
    const name = names[requestClass][scope]
    const own = outages[scope]
    if (own === undefined) {
      if (required.has(name)) measures[name] = null
      continue
    }
    measures[name] = longestMs(own)
    bounds[name] = boundsOf(own)
  }
  return { measures, bounds }
}

/** An outage whose end was not seen has no upper bound, however long another one is. */
function boundsOf(outages: readonly FeltOutage[]): Bounds[string] {
  const least = longestMs(outages.filter(({ isBusy }) => !isBusy))
  const isHidden = least < longestMs(outages)
  if (outages.some(isOpen)) return { least, most: null, why: 'its end was not seen' }
  const most = tenths(outages.reduce((all, one) => Math.max(all, one.mostMs ?? 0), 0))
  const why = isHidden ? 'this machine was busy meanwhile' : 'the requests around it leave it open'
  return { least, most, why }
}

function longestMs(outages: readonly Outage[]): number {
  return tenths(outages.reduce((most, { leastMs }) => Math.max(most, leastMs), 0))
}

/** Whether its end was not seen. */
export function isOpen({ endNs }: Pick<Outage, 'endNs'>): boolean {
  return endNs === null
}

export const tenths = (value: number): number => Math.round(value * 10) / 10
