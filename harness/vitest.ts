/** For vitest files only: importing this loads vitest. Everything else is in `index.ts`. */
export type { ScenarioOutcome, ScenarioRecord } from './run-record/run-record.ts'
/** For tests of the harness that conduct a scenario which must not hold. */
export { conduct } from './scenario/conduct.ts'
export type { RunPlan } from './scenario/plan.ts'
export { describeSuite, ScenarioFailure } from './scenario/suite.ts'
