import type { ScenarioRecord } from '../../run-record/run-record.ts'
import type { ScenarioPlan } from '../../run-record/scenario-plan.ts'

/** A directory as it is judged now. */
export interface JudgedAgain {
  readonly plan: ScenarioPlan
  readonly judged: ScenarioRecord
  /** Whether the drill ended before its run did. */
  readonly hasEnded: boolean
  /** What parts of it say otherwise than they did, a line each. */
  readonly differences: readonly string[]
  readonly warnings: readonly string[]
}
