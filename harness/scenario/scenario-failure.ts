import type { ScenarioRecord } from '../run-record/run-record.ts'

/** A failed scenario in a test log: its outcome, its reason and the command that repeats it. */
export class ScenarioFailure extends Error {
  constructor(record: ScenarioRecord) {
    super(`${record.id} ${record.outcome}: ${record.reason}\nRun it again: ${record.reproduce}`)
    this.name = ScenarioFailure.name
    // Every failure is thrown in one place: a stack adds nothing.
    this.stack = this.message
  }
}
