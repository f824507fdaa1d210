import { amount, count, numberOrNull, record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { readRecord } from '../read-record.ts'
import { markSchema } from '../schema/scenario.ts'

const failureSchema = Type.Union([
  Type.Object({
    outcome: Type.Literal('broken'),
    expectation: Type.String({ description: 'The id of the promise that did not hold.' }),
    reason: Type.String(),
    timeNs: Type.Optional(
      Type.Number({
        minimum: 0,
        description:
          'When it did not hold, on the clock of the history: it proves nothing while a fault without effect was to be in force.',
      }),
    ),
    isTooSlow: Type.Optional(
      Type.Boolean({
        description:
          "Clients were not served in time: etcd's doing only where the machine serves otherwise.",
      }),
    ),
  }),
  Type.Object({ outcome: Type.Literal('inconclusive'), reason: Type.String() }),
])

const observationsSchema = Type.Object({
  format: Type.Literal('gauntlet-observations/1'),
  durationMs: amount,
  failures: Type.Array(failureSchema, {
    description: 'Promises that did not hold and what kept the scenario from telling, in order.',
  }),
  marks: Type.Array(markSchema),
  measures: record(numberOrNull, { description: 'What the scenario measured, by name.' }),
  lowerBounds: record(Type.String(), {
    description: 'Those of the measures that may be more, and why.',
  }),
  workload: Type.Optional(
    Type.Object(
      {
        sent: count,
        skipped: Type.Integer({
          minimum: 0,
          description: 'Requests that were due and not sent: too many were open.',
        }),
        skippedNs: Type.Optional(Type.Array(count, { description: 'When each of them was due.' })),
        peakOpen: count,
        worstLatenessMs: amount,
      },
      { description: 'How far the requests at a fixed rate followed their plan.' },
    ),
  ),
  elections: Type.Union([Type.Number(), Type.Null()], {
    description: 'Terms that began after the first one seen; null when no member ever answered.',
  }),
})

/** `observations.json` of a scenario: what only the conductor saw, written when the drill ended. */
export interface Observations extends Shape<typeof observationsSchema> {}

/** Why a drill did not hold: etcd broke a promise, or the drill cannot tell. */
export type Failure = Observations['failures'][number]

const format = {
  what: 'the observations of a scenario',
  validator: createValidator(observationsSchema),
}

/** Throws an InputError with the file and what is wrong with it. */
export const readObservations = (file: string): Observations => readRecord(file, format)
