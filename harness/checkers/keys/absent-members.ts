import type { FaultEvent, History } from '../../history/operations.ts'

/**
 * Members that received requests in the history and are not among the present ones, although no fault
 * that removes had them as targets. A fault of unknown effect excuses none of them: the verdict is unknown then.
 */
export function absentMembers(history: History, present: readonly string[]): string[] {
  const absent = new Set<string>()
  for (const event of history.events) {
    if (event.type === 'ok' || event.type === 'invoke') {
      const { member } = event as { readonly member?: string }
      if (member !== undefined) absent.add(member)
    }
  }
  for (const event of history.events) {
    if (event.type !== 'fault') continue
    const { effect, targets } = event as FaultEvent
    if (effect === 'removes') for (const target of targets) absent.delete(target)
  }
  for (const member of present) absent.delete(member)
  return [...absent].sort()
}
