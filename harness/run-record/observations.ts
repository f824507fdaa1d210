import Type from 'typebox'
import { createValidator, type Shape } from '../core/schema.ts'
import { amount, numberOrNull, record } from '../core/schema-parts.ts'
import { readRecord } from './read-record.ts'
import { markSchema } from './run-schema.ts'

const failureSchema = Type.Union([
  Type.Object({
    outcome: Type.Literal('broken'),
    expectation: Type.String({ description: 'The id of the promise that did not hold.' }),
    reason: Type.String(),
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
