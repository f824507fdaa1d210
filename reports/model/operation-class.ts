import { classOf, type OperationClass } from '../../harness/history/operation-class.ts'
import type { Operation } from '../../harness/history/operations.ts'

/** As the page names the classes of operations. */
export type ClassLabel = 'writes' | 'reads' | 'serializable reads'

const labels: Readonly<Record<OperationClass, ClassLabel>> = {
  write: 'writes',
  'linearizable-read': 'reads',
  'serializable-read': 'serializable reads',
}

/** In the order of the tables; packed points hold positions in it. */
export const classLabels: readonly ClassLabel[] = Object.values(labels)

export function classLabelOf({ invoke }: Operation): ClassLabel {
  return labels[classOf(invoke)]
}

/** What came of it: 0 ok, 1 fail, 2 info. */
export function outcomeCode({ outcome }: Operation): number {
  return outcome === 'ok' ? 0 : outcome === 'fail' ? 1 : 2
}
