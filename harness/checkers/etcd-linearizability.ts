import type { Checker } from './checker.ts'
import { checkOperations } from './etcd/check-once.ts'
import { checkerName, violationCodes } from './etcd/violation.ts'
import { requireFacts } from './verdict/require-facts.ts'

/**
 * Proves: there is one order of the operations, the unknown ones in it or not, that respects real
 * time and in which every answer is what etcd's model gives; serializable reads match the state at
 * their revision. Does not prove: that acknowledged writes are still there at the end
 * (`durability`), anything about reads that were never made, or that members agree (`convergence`).
 */
export const etcdLinearizabilityChecker: Checker = {
  name: checkerName,
  codes: violationCodes,
  check: (input, limits) =>
    requireFacts(checkOperations(input, limits), 'no answer asserts anything'),
}
