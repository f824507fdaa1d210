import { standardCheckers } from '../../checkers/judge/standard.ts'
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
export function checkerNamesOf(scenario: Scenario): string[] {
  const { skippedCheckers = {}, checkers = [], workload } = scenario
  const standard = [...standardCheckers.map(({ name }) => name), 'watch']
  const programs = (workload.programs ?? []).flatMap(({ name }) => ofPrograms[name] ?? [])
  const all = [...new Set([...standard, ...checkers, ...programs])]
  return all.filter((name) => !Object.hasOwn(skippedCheckers, name))
}
