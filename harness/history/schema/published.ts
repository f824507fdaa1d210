import type { TProperties, TSchema } from 'typebox'
import { Type } from '../../core/schema/type.ts'
import type { Model } from '../operations.ts'
import { faultSchema, headerSchema, operationSchema } from './event.ts'
import { operationFields } from './model.ts'

/**
 * One line of `history.jsonl`, published as docs/history.schema.json. Which model's events may
 * follow a header, and in what order, is beyond it: docs/HISTORY.md and the parser say that.
 */
export const historySchema: TSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'gauntlet-history/1',
  title: 'gauntlet-history/1',
  description: 'A line of history.jsonl: the header first, then an event a line.',
  anyOf: ['header', 'fault', ...models()].map((name) => Type.Ref(`#/$defs/${name}`)),
  $defs: {
    header: headerSchema,
    fault: faultSchema,
    operation: operationSchema,
    ...Object.fromEntries(models().map((model) => [model, modelEventSchema(model)])),
  },
}

function models(): Model[] {
  return Object.keys(operationFields) as Model[]
}

function modelEventSchema(model: Model): TSchema {
  const events = Object.entries(operationFields[model]).flatMap(([f, { invoke = {}, ok = {} }]) => [
    eventOf(f, Type.Literal('invoke'), invoke),
    eventOf(f, Type.Literal('ok'), ok),
    eventOf(f, Type.Enum(['fail', 'info']), {}),
  ])
  return { allOf: [Type.Ref('#/$defs/operation'), { anyOf: events }] }
}

function eventOf(f: string, type: TSchema, fields: TProperties): TSchema {
  return Type.Object({ type, f: Type.Literal(f), ...fields })
}
