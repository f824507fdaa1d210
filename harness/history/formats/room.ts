import { getHeapStatistics } from 'node:v8'
import type { Element, Refuse } from './format.ts'

/** Measured: what an event needs from its line to its verdict, most of it while it is converted. */
const bytesPerEvent = 1_200

/**
 * Hands the elements on, and refuses the one with which the history would no longer fit in the memory
 * that Node gives: the alternative is the end of the process, without a word about the file.
 */
export function* withinMemory(
  elements: Iterable<Element>,
  refuse: Refuse,
  {
    eventsPerElement = 1,
    memoryBytes = getHeapStatistics().heap_size_limit,
  }: { readonly eventsPerElement?: 1 | 2; readonly memoryBytes?: number } = {},
): Generator<Element, void> {
  const most = Math.floor(memoryBytes / (bytesPerEvent * eventsPerElement))
  let count = 0
  for (const element of elements) {
    if (++count > most) {
      const option = 'NODE_OPTIONS=--max-old-space-size gives more'
      refuse(element.place, `Expected ${most} elements at most in this memory, got more: ${option}`)
    }
    yield element
  }
}
