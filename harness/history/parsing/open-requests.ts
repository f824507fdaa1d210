import { describeValue } from '../../core/schema/mismatch.ts'
import type { OperationEvent } from '../operations.ts'

/**
 * Keeps the open invocations by process. Returns how an event does not fit them, as "Expected …,
 * got …"; undefined when it does.
 */
export function findOrderProblem(
  open: Map<number, OperationEvent>,
  event: OperationEvent,
): string | undefined {
  const { process, type, f } = event
  const invocation = open.get(process)
  if (type === 'invoke') {
    if (invocation !== undefined) {
      return `Expected process ${process} to complete its ${invocation.f} before another, got ${f}`
    }
    open.set(process, event)
    return undefined
  }
  if (invocation === undefined) {
    return `Expected an invocation of process ${process} before its completion, got ${type}`
  }
  if (invocation.f !== f) {
    return `Expected process ${process} to complete its ${invocation.f}, got ${type} of ${f}`
  }
  if (event.key !== undefined && event.key !== invocation.key) {
    const found = describeValue(event.key)
    return `Expected \`key\` of a completion to be that of its invocation, got ${found}`
  }
  open.delete(process)
  return undefined
}
