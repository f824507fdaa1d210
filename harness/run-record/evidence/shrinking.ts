import { amount, count } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { readRecord } from '../read-record.ts'

const shrinkingSchema = Type.Object({
  format: Type.Literal('gauntlet-shrinking/1'),
  steps: Type.Array(
    Type.Object({ fault: Type.String(), targets: Type.Array(Type.String()), lengthMs: amount }),
  ),
  runs: Type.Integer({ ...count, description: 'How many parts were run.' }),
  exhausted: Type.Boolean({ description: 'Nothing smaller was left to try before the limits.' }),
})

/** `shrinking.json`: the smallest part of a chaos that came out broken and was seen to fail too. */
export interface Shrinking extends Shape<typeof shrinkingSchema> {}

const format = {
  what: 'the shrunk schedule of a chaos',
  validator: createValidator(shrinkingSchema),
}

/** Throws an InputError with the file and what is wrong with it. */
export const readShrinking = (file: string): Shrinking => readRecord(file, format)
