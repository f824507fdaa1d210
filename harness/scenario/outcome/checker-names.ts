import { standardCheckers } from '../../checkers/judge/standard.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { ProgramName } from '../../workload/workload.ts'
import type { Scenario } from '../scenario.ts'

/** The checkers of a workload's programs. */
const ofPrograms: Readonly<Partial<Record<ProgramName, string>>> = {
  'append-lists': 'append-lists',
  bank: 'bank',
  locks: 'lock',
  leases: 'lease',
  'brief-leases': 'lease',
}

/** Names of the checkers that judge a scenario, in order, each once. */
export function checkerNamesOf(scenario: Scenario, spec: ClusterSpec): string[] {
  const { checkers = [], workload } = scenario
  const standard = [...standardCheckers.map(({ name }) => name), 'watch']
  const programs = (workload.programs ?? []).flatMap(({ name }) => ofPrograms[name] ?? [])
  const skipped = skippedCheckersOf(scenario, spec)
  const all = [...new Set([...standard, ...checkers, ...programs])]
  return all.filter((name) => !Object.hasOwn(skipped, name))
}

/** An entry that was proposed before a change of rights, and applied after it, has no effect. */
const refusedInLogs = 'the logs do not tell which requests etcd refused for their user’s rights'

/**
 * Checkers that have nothing to judge in a scenario, with the reason: those that it names, and those
 * that its workload or its cluster leaves without a fact. A checker without facts is inconclusive.
 */
export function skippedCheckersOf(
  { skippedCheckers = {}, workload }: Scenario,
  { members, auth }: ClusterSpec,
): Readonly<Record<string, string>> {
  const makesStaleReads = (workload.mix['serializable-get'] ?? 0) > 0
  return {
    ...(!makesStaleReads && { serializable: 'the workload makes no serializable read' }),
    ...(auth && { 'write-ahead-log': refusedInLogs }),
    ...(members.length === 1 && { convergence: 'the cluster has one member' }),
    ...skippedCheckers,
  }
}
