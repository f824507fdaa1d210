import { appendLists } from '../../checkers/append-lists.ts'
import { bank } from '../../checkers/bank.ts'
import type { Checker } from '../../checkers/checker.ts'
import { lease } from '../../checkers/lease.ts'
import { lock } from '../../checkers/lock.ts'
import type { ProgramName, WorkloadSpec } from '../../workload/workload.ts'

const checkers: Readonly<Partial<Record<ProgramName, Checker>>> = {
  'append-lists': appendLists,
  bank,
  locks: lock,
  leases: lease,
}

/** What judges the programs of a workload beside the standard checkers. */
export function programCheckers({ programs = [] }: WorkloadSpec): Checker[] {
  const names = new Set(programs.map(({ name }) => name))
  return [...names].flatMap((name) => checkers[name] ?? [])
}
