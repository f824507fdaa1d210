import { amount, count, instant, numberOrNull, record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { adjustmentSchema, architectureSchema } from '../../topology/spec-schema.ts'
import type { Measures } from './measures.ts'

/** One scenario of `run.json` and its parts, as JSON Schema. Unknown fields are allowed. */
const text = Type.String()
const flag = Type.Boolean()
const optionalText = Type.Optional(text)
const positions = Type.Optional(Type.Array(count))

const measuresSchema = Type.Unsafe<Measures>(
  record(numberOrNull, {
    description: 'Named numbers; null = could not be measured. Units last in the name.',
  }),
)

export const objectiveSchema = Type.Object({
  measure: Type.String({ description: 'The measure that the objective bounds.' }),
  atMost: Type.Optional(Type.Number({ description: 'One of atMost and atLeast.' })),
  atLeast: Type.Optional(Type.Number()),
  from: Type.Optional(
    Type.String({ description: "Which of etcd's timers the bound follows from, and how." }),
  ),
  measured: Type.Union([Type.Number(), Type.Null()], {
    description:
      'Null when the evidence does not decide it: the objective is neither met nor missed.',
  }),
  met: flag,
  least: Type.Optional(
    Type.Number({
      description: 'What the evidence proves of the measure, where it leaves it open.',
    }),
  ),
  most: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], {
      description: 'What the evidence leaves open; null without an upper bound.',
    }),
  ),
})

const classSchema = Type.Enum(['writes', 'reads', 'serializable-reads'])

export const outageSchema = Type.Object({
  of: classSchema,
  member: Type.Optional(
    Type.String({ description: 'Of the clients pinned to it; absent: no member served.' }),
  ),
  beginNs: Type.Number({ description: 'When the first request that was not served was sent.' }),
  endNs: Type.Union([Type.Number(), Type.Null()], {
    description: 'When a steady service began; null when the end was not seen.',
  }),
  leastMs: Type.Number({ minimum: 0, description: 'What the requests prove.' }),
  mostMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'What they leave open; null when the end was not seen.',
  }),
})

export const serviceRowSchema = Type.Object({
  phase: Type.Enum(['before', 'during', 'after'], {
    description:
      'Before the first fault, from the proof of the steady state on; after a fault, once the steady state was proved again; or between them.',
  }),
  of: classSchema,
  member: Type.Optional(Type.String({ description: 'Its clients alone; absent: all clients.' })),
  requests: count,
  served: count,
  failed: count,
  unknown: count,
  p50Ms: numberOrNull,
  p99Ms: numberOrNull,
})

const counterexampleSchema = Type.Object({
  partition: optionalText,
  culprit: Type.Optional(count),
  prefix: positions,
  involved: positions,
  expected: optionalText,
  found: optionalText,
  violations: Type.Optional(
    Type.Array(Type.Unknown(), {
      description: 'Of some checkers the first violations, as docs/CHECKERS.md says.',
    }),
  ),
  violationsFound: Type.Optional({
    ...count,
    description: 'How many violations there are; `violations` has the first ones.',
  }),
})

const verdictSchema = Type.Object({
  checker: text,
  verdict: Type.Enum(['valid', 'invalid', 'unknown']),
  code: Type.Optional(
    Type.String({ description: "Of an invalid verdict: the reason's kind, see docs/CHECKERS.md." }),
  ),
  codes: Type.Optional(
    Type.Array(text, { description: 'Every kind of violation that was found, `code` first.' }),
  ),
  reason: optionalText,
  operations: Type.Optional(count),
  factsJudged: Type.Optional(
    Type.Integer({ ...count, description: 'How many facts could have shown a violation.' }),
  ),
  evidence: Type.Optional(counterexampleSchema),
})

export const markSchema = Type.Object({
  timeNs: Type.Number(),
  kind: Type.Enum([
    'steady',
    'leader',
    'member-down',
    'member-up',
    'outage-begin',
    'outage-end',
    'healed',
    'note',
  ]),
  member: optionalText,
  of: Type.Optional(
    Type.Enum(['writes', 'reads'], {
      description: 'For outage-begin and outage-end: what was out. Default writes.',
    }),
  ),
  text,
})

const memberSchema = Type.Object({
  name: text,
  architecture: architectureSchema,
})

export const outcomeSchema = Type.Enum([
  'held',
  'broken',
  'known-issue',
  'not-applicable',
  'not-run',
  'inconclusive',
])

const windowSchema = Type.Object({
  folder: Type.String({ description: "In the scenario's directory, with all of its evidence." }),
  outcome: outcomeSchema,
  reason: text,
  startedAt: instant,
  durationMs: amount,
  operations: amount,
})

export const scenarioSchema = Type.Object({
  id: text,
  suite: text,
  title: text,
  outcome: outcomeSchema,
  reason: Type.String({ description: 'One or two sentences: why this outcome.' }),
  broken: Type.Optional(
    Type.Array(text, {
      description:
        'What broke, as ids: of an expectation, `checker/code` of a verdict, `objective/measure`.',
    }),
  ),
  seed: Type.Number(),
  startedAt: instant,
  clockStartedAt: Type.Optional({
    ...instant,
    description: 'The instant of timeNs 0 in its history and marks; default startedAt.',
  }),
  durationMs: amount,
  members: Type.Array(memberSchema),
  adjusted: Type.Optional(
    Type.Array(adjustmentSchema, {
      description: "The cluster's settings that differ from the user's, for this scenario alone.",
    }),
  ),
  measures: measuresSchema,
  objectives: Type.Array(objectiveSchema),
  outages: Type.Optional(
    Type.Array(outageSchema, {
      description:
        "Stretches without service from the first fault on: the cluster's, and the longest of each member.",
    }),
  ),
  service: Type.Optional(
    Type.Array(serviceRowSchema, {
      description:
        'How requests were served, by phase and class. Latencies are of those that succeeded, from when they were due.',
    }),
  ),
  verdicts: Type.Array(verdictSchema),
  unboundObjectives: Type.Optional(
    record(text, {
      description:
        "Measures that no objective bounds behind the cluster's doors, and kinds of requests that count to none, with the reason.",
    }),
  ),
  skippedCheckers: Type.Optional(
    record(text, {
      description: 'Standard checkers that cannot judge it, by name, with the reason.',
    }),
  ),
  marks: Type.Array(markSchema, {
    description: 'Things that happened, for the timeline, besides the faults in the history.',
  }),
  directory: Type.String({
    pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\\\\\u0000]+$',
    title: 'a path inside the run directory',
    description: 'Relative to the run directory: no leading slash, no `..`, no backslash.',
  }),
  reproduce: Type.String({ description: 'The one command that runs this scenario again.' }),
  evidenceSha256: Type.Optional(
    record(text, {
      description:
        "Each file of evidence, by its path in the scenario's directory, to its SHA-256.",
    }),
  ),
  evidenceDropped: Type.Optional(
    Type.Boolean({
      description:
        'It held, and its evidence was removed (`--keep failed`): nothing can be judged again.',
    }),
  ),
  windows: Type.Optional(
    Type.Array(windowSchema, {
      description: 'Of a long run: its parts, each judged by itself, in order.',
    }),
  ),
  shownWindow: Type.Optional(
    Type.String({ description: 'The folder of the window that evidence and reports are about.' }),
  ),
  judgingMs: Type.Optional(
    record(amount, { description: 'How long each checker took: no two judgements take the same.' }),
  ),
})
