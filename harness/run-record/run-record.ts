import type { Shape } from '../core/schema/validator.ts'
import type { capabilitySchema, etcdSchema, machineSchema, runSchema } from './schema/run.ts'
import type {
  markSchema,
  objectiveSchema,
  outageSchema,
  outcomeSchema,
  scenarioSchema,
  serviceRowSchema,
} from './schema/scenario.ts'

/** `run.json`, the record of one run. Everything the report says comes from here and its neighbours. */
export interface RunRecord extends Shape<typeof runSchema> {}

/** The etcd that ran: version, image with its digest, architecture. */
export interface EtcdUnderTest extends Shape<typeof etcdSchema> {}

/** The machine that the run was on. */
export interface Machine extends Shape<typeof machineSchema> {}

/** Something this machine can or cannot do; `lost` says what is not covered without it. */
export interface CapabilityFound extends Shape<typeof capabilitySchema> {}

/** The six outcomes; docs/GLOSSARY.md has what each means. */
export type ScenarioOutcome = Shape<typeof outcomeSchema>

/** One scenario of `run.json`: outcome, measures, verdicts, and where its evidence lies. */
export interface ScenarioRecord extends Shape<typeof scenarioSchema> {}

/** An objective with what was measured, met or missed. */
export interface ObjectiveResult extends Shape<typeof objectiveSchema> {}

/** A stretch without service, with what the requests prove and what they leave open. */
export interface OutageRecord extends Shape<typeof outageSchema> {}

/** How the requests of one class were served in one phase. */
export interface ServiceRow extends Shape<typeof serviceRowSchema> {}

/** What kind of thing a mark is about. */
export type MarkKind = Mark['kind']

/** Something that happened, for the timeline. */
export interface Mark extends Shape<typeof markSchema> {}
