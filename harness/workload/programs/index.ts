import type { Program } from '../program.ts'
import type { ProgramName } from '../workload.ts'
import { appendLists } from './append-lists.ts'
import { bank } from './bank.ts'
import { deletes } from './deletes.ts'
import { kubernetes } from './kubernetes.ts'
import { briefLeases, leases } from './leases.ts'
import { lockTurns } from './locks.ts'
import { sets } from './sets.ts'
import { transactions } from './transactions.ts'

/** By name; docs/WORKLOADS.md describes each. */
export const programs: Readonly<Record<ProgramName, Program>> = {
  transactions,
  deletes,
  'append-lists': appendLists,
  sets,
  bank,
  locks: lockTurns,
  kubernetes,
  leases,
  'brief-leases': briefLeases,
}
