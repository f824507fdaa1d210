import { standardCheckers } from '../../checkers/judge/standard.ts'
import type { ProgramName } from '../../workload/workload.ts'
import type { Scenario } from '../scenario.ts'

/** The checkers of a workload's programs. */
const ofPrograms: Readonly<Partial<Record<ProgramName, string>>> = {
  'append-lists': 'append-lists',
  bank: 'bank',
  locks: 'lock',
  leases: 'lease',
}

/** Names of the checkers that judge a scenario, in order, each once. */
export function checkerNamesOf(scenario: Scenario): string[] {
  const { skippedCheckers = {}, checkers = [], watches = false, workload } = scenario
  const standard = [...standardCheckers.map(({ name }) => name), ...(watches ? ['watch'] : [])]
  const programs = (workload.programs ?? []).flatMap(({ name }) => ofPrograms[name] ?? [])
  const asked = standard.filter((name) => !Object.hasOwn(skippedCheckers, name))
  return [...new Set([...asked, ...checkers, ...programs])]
}
