import type { FaultEvent, History } from '../../history/operations.ts'
import type { FinalState } from '../checker.ts'

/**
 * Members that answered in the history and were not read at the end, although nothing that was
 * done on purpose (a fault that removes, replaces or shrinks) took them out of the cluster.
 */
export function absentMembers(history: History, final: FinalState | undefined): string[] {
  const absent = new Set<string>()
  for (const event of history.events) {
    if (event.type === 'ok' || event.type === 'invoke') {
      const { member } = event as { readonly member?: string }
      if (member !== undefined) absent.add(member)
    }
  }
  for (const event of history.events) {
    if (event.type !== 'fault') continue
    const { name, targets } = event as FaultEvent
    if (/remov|replac|shrink/.test(name)) for (const target of targets) absent.delete(target)
  }
  for (const { member } of final?.members ?? []) absent.delete(member)
  return [...absent].sort()
}
