import type { TProperties } from 'typebox'
import { count, tuple } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import type { Model } from '../operations.ts'

/** What each `f` of each model carries, in the words of docs/HISTORY.md. */
const text = Type.String()
const textOrNull = Type.Union([Type.String(), Type.Null()])
const anyJson = Type.Unknown({ title: 'any JSON' })
const comparison = Type.Enum(['=', '!=', '<', '>'])

const compareSchema = Type.Union(
  [
    tuple([text, Type.Literal('value'), comparison, text]),
    tuple([text, Type.Enum(['mod', 'version', 'create']), comparison, Type.Integer()]),
  ],
  {
    title:
      'a compare of txn: [key, "value", "mod", "version" or "create", "=", "!=", "<" or ">", operand]',
  },
)

const stepSchema = Type.Union(
  [tuple([Type.Literal('put'), text, text]), tuple([Type.Enum(['get', 'delete']), text])],
  { title: 'a step of txn: ["put",key,value], ["get",key] or ["delete",key]' },
)

export const transactionSchema = Type.Object({
  compare: Type.Array(compareSchema),
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  then: Type.Array(stepSchema),
  else: Type.Array(stepSchema),
})

const transactionResultSchema = Type.Array(
  Type.Union([Type.Null(), count, tuple([textOrNull, count]), tuple([textOrNull, count, count])]),
  { title: 'an array of one result for each step: null, a number, [value, modRevision, version?]' },
)

const rangeResultSchema = Type.Array(
  Type.Union([tuple([text, text, count]), tuple([text, text, count, count])]),
  { title: '[[key, value, modRevision, version?], …]' },
)

const previousSchema = Type.Union([Type.Null(), Type.Object({ value: text, modRevision: count })], {
  title: 'null or {value, modRevision}',
})

const casSchema = tuple([textOrNull, text], {
  title: '[old, new]: a string or null, and a string',
})
const registerCasSchema = tuple([anyJson, anyJson], { title: '[old, new]' })

/** Fields by type of event; a type that is absent carries nothing of its own. */
export type OperationFields = Readonly<Partial<Record<'invoke' | 'ok', TProperties>>>

const prev = Type.Optional(previousSchema)

/** In the model etcd the store is one object: all but a transaction name a key. */
export const operationFields: Readonly<Record<Model, Readonly<Record<string, OperationFields>>>> = {
  etcd: {
    put: { invoke: { key: text, value: text, lease: Type.Optional(text) }, ok: { prev } },
    get: { invoke: { key: text }, ok: { value: Type.Optional(textOrNull) } },
    delete: { invoke: { key: text }, ok: { prev } },
    cas: { invoke: { key: text, value: casSchema } },
    txn: {
      invoke: { value: transactionSchema },
      ok: { value: Type.Optional(transactionResultSchema) },
    },
    range: {
      invoke: { key: text, keysOnly: Type.Optional(Type.Boolean()) },
      ok: { value: Type.Optional(rangeResultSchema) },
    },
    grant: { invoke: { lease: Type.Optional(text) } },
    revoke: {
      invoke: { lease: text },
      ok: { deletedKeys: Type.Optional(Type.Array(text)) },
    },
    compact: {
      invoke: { atRevision: count },
      ok: { rejectedAs: Type.Optional(Type.Enum(['compacted', 'future'])) },
    },
  },
  'cas-register': {
    read: {},
    write: { invoke: { value: anyJson } },
    cas: { invoke: { value: registerCasSchema } },
  },
  kv: {
    get: { ok: { value: Type.Optional(textOrNull) } },
    put: { invoke: { value: text } },
    append: { invoke: { value: text } },
  },
  set: {
    add: { invoke: { value: anyJson } },
    read: { ok: { value: Type.Optional(Type.Array(Type.Unknown())) } },
  },
}
