import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ClusterPlan } from '../../cluster/plan.ts'
import { type ClusterLoan, type ClusterSource, startNewCluster } from './source.ts'

/** Disposing removes a cluster that no scenario took. */
export interface ClusterAhead extends AsyncDisposable {
  /** The cluster that was started ahead by this very plan, or a new one. */
  readonly lend: ClusterSource
  /**
   * Begins to start a cluster; none for a scenario that has had one, and none after the end: the drill of
   * a scenario that was given up ends whenever it does. Never throws: `lend` throws what its start did.
   */
  start(plan: ClusterPlan): void
}

/** Starts the cluster of the next scenario while the last one is judged. One at a time. */
export function openClusterAhead(source: ClusterSource = startNewCluster): ClusterAhead {
  let ahead: { readonly plan: ClusterPlan; readonly loan: Promise<ClusterLoan> } | undefined
  const lentTo = new Set<string>()
  let isOver = false
  const drop = async () => {
    const unused = ahead
    ahead = undefined
    if (unused === undefined) return
    const loan = await unused.loan.catch(() => undefined)
    await loan?.[Symbol.asyncDispose]()
    // Logs of a scenario that did not run are no evidence.
    const { saveLogsTo } = unused.plan
    if (saveLogsTo !== undefined) await rm(saveLogsTo, { recursive: true, force: true })
  }
  return {
    start: (plan) => {
      if (isOver || lentTo.has(plan.saveLogsTo ?? '')) return
      const loan = drop().then(() => source(plan))
      loan.catch(() => {})
      ahead = { plan, loan }
    },
    lend: async (plan) => {
      if (plan.saveLogsTo !== undefined) lentTo.add(plan.saveLogsTo)
      if (ahead !== undefined && isSamePlan(ahead.plan, plan)) {
        const { loan } = ahead
        ahead = undefined
        return loan
      }
      await drop()
      return source(plan)
    },
    [Symbol.asyncDispose]: () => {
      isOver = true
      return drop()
    },
  }
}

/** But for the log, of which each scenario opens one. */
function isSamePlan({ log: _, ...one }: ClusterPlan, { log: __, ...other }: ClusterPlan): boolean {
  return isDeepStrictEqual(one, other)
}
