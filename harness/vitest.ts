/** For vitest files only: importing this loads vitest. Everything else is in `index.ts`. */
export type { ScenarioOutcome, ScenarioRecord } from './run-record/run-record.ts'
export { describeSuite, ScenarioFailure } from './scenario/suite.ts'
