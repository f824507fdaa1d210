import type { TSchema } from 'typebox'
import { Type } from '../../../core/schema/type.ts'
import { createValidator, type Shape } from '../../../core/schema/validator.ts'

/**
 * One element of `client-N/operations.json` and of `client-N/watch.json`, as etcd's robustness test
 * writes them (etcd-io/etcd, tests/robustness, from v3.6 on). Only what a verdict uses is named.
 */
const text = Type.String()
const integer = Type.Integer()
const orNull = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

/** A value of 20 bytes or more is written as its FNV-1a hash. */
const valueSchema = Type.Object({ Value: Type.Optional(text), Hash: Type.Optional(integer) })

/** Ids beyond exact numbers are made text before the file is parsed. */
const leaseSchema = Type.Union([integer, text])

const rangeSchema = Type.Object({
  Start: text,
  End: Type.Optional(text),
  Limit: Type.Optional(integer),
  KeysOnly: Type.Optional(Type.Boolean()),
  Revision: Type.Optional(integer),
})

const stepSchema = Type.Object({
  Type: Type.Enum(['range-operation', 'put-operation', 'delete-operation']),
  Range: Type.Optional(rangeSchema),
  Put: Type.Optional(
    Type.Object({ Key: text, Value: valueSchema, LeaseID: Type.Optional(leaseSchema) }),
  ),
  Delete: Type.Optional(Type.Object({ Key: text })),
})

const conditionSchema = Type.Object({
  Key: text,
  ExpectedRevision: Type.Optional(integer),
  ExpectedVersion: Type.Optional(integer),
})

const txnSchema = Type.Object({
  Conditions: orNull(Type.Array(conditionSchema)),
  OperationsOnSuccess: orNull(Type.Array(stepSchema)),
  OperationsOnFailure: orNull(Type.Array(stepSchema)),
})

const requestTypes = ['range', 'txn', 'leaseGrant', 'leaseRevoke', 'defragment', 'compact'] as const

const inputSchema = Type.Object({
  Type: Type.Enum([...requestTypes]),
  Range: orNull(rangeSchema),
  Txn: orNull(txnSchema),
  LeaseGrant: orNull(Type.Object({ LeaseID: leaseSchema })),
  LeaseRevoke: orNull(Type.Object({ LeaseID: leaseSchema })),
  Compact: orNull(Type.Object({ Revision: integer })),
})

const keyFields = {
  Value: Type.Optional(valueSchema),
  ModRevision: Type.Optional(integer),
  Version: Type.Optional(integer),
}

const keyValueSchema = Type.Object({ Key: text, ...keyFields })

const listSchema = {
  KVs: orNull(Type.Array(keyValueSchema)),
  Count: Type.Optional(integer),
}

const outputSchema = Type.Object({
  Range: orNull(Type.Object(listSchema)),
  Txn: orNull(
    Type.Object({
      Failure: Type.Optional(Type.Boolean()),
      Results: orNull(Type.Array(Type.Object({ ...listSchema, Deleted: Type.Optional(integer) }))),
    }),
  ),
  ClientError: Type.Optional(text),
  Error: Type.Optional(text),
  Revision: Type.Optional(integer),
})

const operationSchema = Type.Object({
  ClientId: integer,
  Input: inputSchema,
  Call: integer,
  Output: outputSchema,
  Return: integer,
})

const eventSchema = Type.Object({
  Type: Type.Enum(['put-operation', 'delete-operation']),
  Key: text,
  Value: Type.Optional(valueSchema),
  Revision: integer,
  IsCreate: Type.Optional(Type.Boolean()),
  PrevValue: orNull(Type.Object(keyFields)),
})

const responseSchema = Type.Object({
  Events: orNull(Type.Array(eventSchema)),
  IsProgressNotify: Type.Optional(Type.Boolean()),
  Revision: Type.Optional(integer),
  Time: Type.Optional(integer),
  Error: Type.Optional(text),
})

const watchSchema = Type.Object({
  Request: Type.Object({
    Key: text,
    Revision: Type.Optional(integer),
    WithPrefix: Type.Optional(Type.Boolean()),
    WithPrevKV: Type.Optional(Type.Boolean()),
  }),
  Responses: orNull(Type.Array(responseSchema)),
})

export interface ReportOperation extends Shape<typeof operationSchema> {}
export interface ReportWatch extends Shape<typeof watchSchema> {}
export type ReportInput = Shape<typeof inputSchema>
export type ReportOutput = Shape<typeof outputSchema>
export type ReportStep = Shape<typeof stepSchema>
export type ReportRange = Shape<typeof rangeSchema>
export type ReportValue = Shape<typeof valueSchema>
export type ReportKeyValue = Shape<typeof keyValueSchema>
export type ReportResponse = Shape<typeof responseSchema>

export const reportOperations = createValidator(operationSchema)
export const reportWatches = createValidator(watchSchema)
