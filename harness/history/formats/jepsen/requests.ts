import { describeValue } from '../../../core/schema/mismatch.ts'
import type { OperationEvent } from '../../operations.ts'

export const isRead = (f: string): boolean => f === 'read' || f === 'get'
export const isNothing = (value: unknown): boolean => value === undefined || value === null

/**
 * Compares completions with their requests. A completion repeats the value of its request, as does a
 * read's where a program has filled in the answer at the invocation; other workloads than we know
 * may not. What every read is invoked with, such as a zero, says nothing about any of them.
 */
export function createRequests(events: readonly OperationEvent[]) {
  const reads = events.filter(({ type, f }) => type === 'invoke' && isRead(f))
  const [first] = reads
  const constant = reads.length > 1 && isScalar(first?.value) ? first?.value : undefined
  const isConstant = constant !== undefined && reads.every(({ value }) => value === constant)
  const asked = new Map<number, unknown>()
  return {
    findProblem: ({ type, process, f, value }: OperationEvent): string | undefined => {
      const isAsked = !(isConstant && isRead(f))
      if (type === 'invoke') {
        asked.set(process, isAsked ? value : undefined)
        if (!isRead(f) || !Array.isArray(value)) return undefined
        return `Expected a read to be invoked with nil, got ${describeValue(value)}`
      }
      const request = asked.get(process)
      if (type !== 'ok' || isNothing(value) || isNothing(request)) return undefined
      if (JSON.stringify(request) === JSON.stringify(value)) return undefined
      const [was, now] = [describeValue(request), describeValue(value)]
      return `Expected the completion to repeat its value ${was}, got ${now}`
    },
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
}
