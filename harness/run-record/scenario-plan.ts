import { amount, count, instant, record } from '../core/schema/parts.ts'
import { Type } from '../core/schema/type.ts'
import { createValidator, type Shape } from '../core/schema/validator.ts'
import { adjustmentSchema, clusterSpecSchema } from '../topology/spec-schema.ts'
import { readRecord } from './read-record.ts'

const text = Type.String()
const symptomSchema = Type.Object(
  {
    expectations: Type.Optional(
      Type.Array(text, { description: 'Ids of promises that a scenario asserts.' }),
    ),
    violations: Type.Optional(
      Type.Array(text, {
        description: '`<checker>/<code>` of invalid verdicts, such as `watch/event-missing`.',
      }),
    ),
  },
  { description: 'What breaks where the bug shows: a break of anything else is not the bug.' },
)

const knownIssueSchema = Type.Object({
  issue: Type.String({ description: 'Such as `etcd-io/etcd#18089`.' }),
  summary: Type.String({ description: 'What the bug does.' }),
  versions: Type.Optional(
    Type.Object(
      { since: Type.Optional(Type.Array(text)), fixedIn: Type.Optional(Type.Array(text)) },
      {
        description:
          'The first version of each series with the bug, and without it; absent: every version.',
      },
    ),
  ),
  upgradesTo: Type.Optional(
    Type.Object(
      { since: Type.Array(text) },
      { description: 'It shows only where the cluster is upgraded to such a version.' },
    ),
  ),
  needsCompaction: Type.Optional(
    Type.Boolean({ description: 'It shows only where the store is compacted.' }),
  ),
  symptom: symptomSchema,
  isRare: Type.Optional(
    Type.Boolean({ description: 'It shows now and then: its absence is not reported.' }),
  ),
})

/** What an objective may bound. */
export const objectiveMeasures = [
  'writeOutageMs',
  'readOutageMs',
  'serializableReadOutageMs',
  'memberWriteOutageMs',
  'memberReadOutageMs',
  'memberSerializableReadOutageMs',
  'otherMembersWriteOutageMs',
  'otherMembersReadOutageMs',
  'otherMembersSerializableReadOutageMs',
  'otherMembersUnserved',
  'noWriteServedMs',
  'noReadServedMs',
  'writeP50Ms',
  'writeP99Ms',
  'memberWriteP50Ms',
  'readP50Ms',
  'readP99Ms',
  'memberReadP50Ms',
  'serializableReadP50Ms',
  'memberSerializableReadP50Ms',
  'slowestKindP50Ms',
  'slowRequestsPercent',
  'silentPercent',
  'unhinderedP50Ms',
  'watchLagP50Ms',
  'lateEventsPercent',
  'slowWatches',
  'brokenWatches',
  'elections',
  'termsTried',
  'acknowledgedLost',
  'recoveryMs',
  'restartedMemberMs',
  'writesPerS',
] as const

const bound = Type.Number()
const measured = {
  measure: Type.Enum([...objectiveMeasures]),
  from: Type.Optional(
    Type.String({ description: "Which of etcd's timers the bound follows from, and how." }),
  ),
}
const lostVotesSchema = Type.Object(
  { most: count, addMs: bound },
  {
    description:
      'Each vote that no candidate won adds so much to the bound, up to so many of them as are likely in a row.',
  },
)
const objectiveSchema = Type.Union([
  Type.Object({ ...measured, atMost: bound, lostVotes: Type.Optional(lostVotesSchema) }),
  Type.Object({ ...measured, atLeast: bound }),
])

const scenarioPlanSchema = Type.Object({
  format: Type.Literal('gauntlet-scenario-plan/1'),
  id: text,
  suite: text,
  title: text,
  seed: Type.Number(),
  startedAt: Type.String({
    ...instant,
    description: 'The wall-clock instant of `timeNs` 0 in its streams and marks.',
  }),
  spec: clusterSpecSchema,
  adjusted: Type.Optional(
    Type.Array(adjustmentSchema, {
      description: "The cluster's settings that differ from the user's, for this scenario alone.",
    }),
  ),
  emulated: Type.Boolean({ description: "As in run.json's `etcd`, which is compared with it." }),
  timeScale: Type.Optional(
    Type.Number({ description: 'Factor of deadlines and objectives; default 1.' }),
  ),
  endsElsewhere: Type.Optional(
    Type.Boolean({
      description: 'The cluster is given up on purpose: an outage without an end says nothing.',
    }),
  ),
  plannedRatePerS: amount,
  requestTimeoutMs: Type.Optional(
    Type.Number({
      minimum: 0,
      description: "The deadline of the workload's requests, scaled; default 1000.",
    }),
  ),
  checkers: Type.Array(text, { description: 'Names of the checkers that judge it, in order.' }),
  skippedCheckers: record(text, {
    description: 'Standard checkers that cannot judge it, by name, with the reason.',
  }),
  objectives: Type.Array(objectiveSchema, {
    description: "The user's bounds where there are some, else the scenario's, scaled.",
  }),
  waivedObjectives: Type.Array(text, {
    description: 'Measures that no objective bounds here, because the members are emulated.',
  }),
  unboundObjectives: Type.Optional(
    record(text, {
      description:
        "Measures that no objective bounds behind the cluster's doors, and kinds of requests that count to none, with the reason.",
    }),
  ),
  knownIssue: Type.Optional(knownIssueSchema),
  doorIssues: Type.Optional(
    Type.Array(knownIssueSchema, {
      description: 'Bugs of what clients come through, beside that of the scenario.',
    }),
  ),
  upgradeTo: Type.Optional(
    Type.Array(text, {
      description: 'The versions to which its members are upgraded; absent: to none.',
    }),
  ),
  directory: Type.String({ description: 'Relative to the run directory.' }),
  reproduce: Type.String({ description: 'The one command that runs this scenario again.' }),
})

/** `plan.json` of a scenario: what the conductor decided before anything started. */
export interface ScenarioPlan extends Shape<typeof scenarioPlanSchema> {}

/** A bug of some versions that makes a scenario fail: shown as such, and shown when it does not. */
export interface KnownIssue extends Shape<typeof knownIssueSchema> {}

/** Ids alone, so that sentences can be rewritten. An objective that was missed is in none. */
export type Symptom = KnownIssue['symptom']

/** `atMost` is for what should be short, `atLeast` for what should be fast. */
export type Objective = Shape<typeof objectiveSchema>

const format = {
  what: 'the plan of a scenario',
  validator: createValidator(scenarioPlanSchema),
}

/** Throws an InputError with the file and what is wrong with it. */
export const readScenarioPlan = (file: string): ScenarioPlan => readRecord(file, format)
