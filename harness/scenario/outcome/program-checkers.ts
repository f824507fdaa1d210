import { appendListsChecker } from '../../checkers/append-lists.ts'
import { bankChecker } from '../../checkers/bank.ts'
import type { Checker } from '../../checkers/checker.ts'
import { leaseChecker } from '../../checkers/lease.ts'
import { lockChecker } from '../../checkers/lock.ts'
import type { ProgramName, WorkloadSpec } from '../../workload/workload.ts'

const checkers: Readonly<Partial<Record<ProgramName, Checker>>> = {
  'append-lists': appendListsChecker,
  bank: bankChecker,
  locks: lockChecker,
  leases: leaseChecker,
}

/** What judges the programs of a workload beside the standard checkers. */
export function programCheckers({ programs = [] }: WorkloadSpec): Checker[] {
  const names = new Set(programs.map(({ name }) => name))
  return [...names].flatMap((name) => checkers[name] ?? [])
}
