import type { Shape } from '../core/schema.ts'
import type {
  capabilitySchema,
  etcdSchema,
  machineSchema,
  markSchema,
  objectiveSchema,
  outcomeSchema,
  runSchema,
  scenarioSchema,
} from './run-schema.ts'

/** `run.json`, the record of one run. Everything the report says comes from here and its neighbours. */
export interface RunRecord extends Shape<typeof runSchema> {}

export interface EtcdUnderTest extends Shape<typeof etcdSchema> {}

export interface Machine extends Shape<typeof machineSchema> {}

/** Something this machine can or cannot do; `lost` says what is not covered without it. */
export interface CapabilityFound extends Shape<typeof capabilitySchema> {}

export type ScenarioOutcome = Shape<typeof outcomeSchema>

export interface ScenarioRecord extends Shape<typeof scenarioSchema> {}

/** Named numbers; null = could not be measured. Units last in the name. */
export interface Measures {
  readonly writeOutageMs?: number | null
  readonly readOutageMs?: number | null
  readonly acknowledgedLost?: number | null
  readonly unknownOutcomes?: number
  readonly operations?: number
  readonly elections?: number | null
  readonly ratePerS?: number
  /** Due and not sent, because too many requests were open: the rate was below the planned one. */
  readonly skippedRequests?: number
  /** The largest delay of a request after the time at which it was due. */
  readonly worstLatenessMs?: number
  readonly [name: string]: number | null | undefined
}

export interface ObjectiveResult extends Shape<typeof objectiveSchema> {}

export type MarkKind = Mark['kind']

/** Something that happened, for the timeline. */
export interface Mark extends Shape<typeof markSchema> {}
