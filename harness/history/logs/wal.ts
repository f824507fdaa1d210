import type { TSchema } from 'typebox'
import { count, tuple } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape, type Validator } from '../../core/schema/validator.ts'
import { type JsonlFormat, type JsonlLog, parseJsonlLog, readJsonlLog } from './jsonl.ts'

/**
 * What the members' write-ahead logs held when the members had stopped, `gauntlet-wal/1`: `wal.jsonl`
 * beside `history.jsonl`, a header line, a line for each member, then a line for each entry that any
 * of the logs has, by index and term. docs/HISTORY.md.
 */
const headerSchema = Type.Object({ format: Type.Literal('gauntlet-wal/1') })

const text = Type.String()
const decimal = Type.String({ pattern: '^\\d+$', title: 'a decimal number' })

const memberSchema = Type.Object({
  type: Type.Literal('member'),
  member: text,
  nodeId: decimal,
  clusterId: decimal,
  term: count,
  commit: Type.Integer({ ...count, description: 'The last index that it knew to be committed.' }),
  spans: Type.Array(tuple([count, count, count]), {
    description: '`[term, first index, last index]` of the entries that the log holds, ascending.',
  }),
  snapshots: Type.Array(tuple([count, count]), {
    description: '`[index, term]` of the raft snapshots that the member made or received.',
  }),
  ending: Type.Optional(
    Type.Object(
      { kind: Type.Enum(['torn', 'damaged', 'too-long']), reason: text },
      { description: 'Why the log was not read to an end in order.' },
    ),
  ),
})

const missingSchema = Type.Object({ type: Type.Literal('missing'), member: text, reason: text })

const keys = { key: text, end: Type.Optional(text) }

const compareSchema = Type.Union([
  Type.Object({
    ...keys,
    target: Type.Enum(['version', 'create', 'mod']),
    result: Type.Enum(['=', '!=', '<', '>']),
    operand: Type.Integer(),
  }),
  Type.Object({
    ...keys,
    target: Type.Enum(['value', 'lease']),
    result: Type.Enum(['=', '!=', '<', '>']),
    operand: text,
  }),
])

const putSchema = Type.Object({
  kind: Type.Literal('put'),
  key: text,
  value: text,
  lease: Type.Optional(text),
  ignoreValue: Type.Optional(Type.Literal(true)),
  ignoreLease: Type.Optional(Type.Literal(true)),
})
const deleteSchema = Type.Object({ kind: Type.Literal('delete'), ...keys })
const rangeSchema = Type.Object({
  kind: Type.Literal('range'),
  ...keys,
  atRevision: Type.Optional(Type.Integer()),
})

/** Transactions within transactions, as deep as a file may nest them. */
export const deepestTxn = 4

function txnSchema(depth: number): TSchema {
  const nested = depth > 1 ? [txnSchema(depth - 1)] : []
  const steps = Type.Array(Type.Union([putSchema, deleteSchema, rangeSchema, ...nested]))
  return Type.Object({
    kind: Type.Literal('txn'),
    compare: Type.Array(compareSchema),
    success: steps,
    failure: steps,
  })
}

const otherSchemas = [
  Type.Object({ kind: Type.Literal('compaction'), revision: Type.Integer() }),
  Type.Object({ kind: Type.Literal('lease-grant'), lease: text, ttlS: Type.Integer() }),
  Type.Object({ kind: Type.Literal('lease-revoke'), lease: text }),
  Type.Object({
    kind: Type.Literal('alarm'),
    action: Type.Enum(['get', 'activate', 'deactivate']),
    alarm: Type.Enum(['none', 'no-space', 'corrupt']),
    nodeId: decimal,
  }),
  Type.Object({ kind: Type.Enum(['empty', 'membership']) }),
  Type.Object({
    kind: Type.Literal('other'),
    name: Type.String({ description: 'A request that changes no key.' }),
  }),
] as const

const entrySchema = Type.Object({
  type: Type.Literal('entry'),
  index: count,
  term: count,
  id: Type.Optional(
    Type.String({ description: "Of the request: its upper 16 bits are the proposer's lower 16." }),
  ),
  request: Type.Union([
    putSchema,
    deleteSchema,
    rangeSchema,
    txnSchema(deepestTxn),
    ...otherSchemas,
  ]),
  members: Type.Optional(
    Type.Array(text, {
      description:
        'Whose logs hold this content, where others hold another at this index and term.',
    }),
  ),
})

interface WalHeader extends Shape<typeof headerSchema> {}

export interface LoggedMember extends Shape<typeof memberSchema> {}
export type MissingLog = Shape<typeof missingSchema>

export type LoggedCompare = Shape<typeof compareSchema>
export type LoggedPut = Shape<typeof putSchema>
type LoggedDelete = Shape<typeof deleteSchema>
type LoggedRange = Shape<typeof rangeSchema>
export interface LoggedTxn {
  readonly kind: 'txn'
  readonly compare: readonly LoggedCompare[]
  readonly success: readonly LoggedStep[]
  readonly failure: readonly LoggedStep[]
}
export type LoggedStep = LoggedPut | LoggedDelete | LoggedRange | LoggedTxn
export type LoggedRequest = LoggedStep | Shape<(typeof otherSchemas)[number]>

export interface LoggedEntry {
  readonly type: 'entry'
  readonly index: number
  readonly term: number
  readonly id?: string
  readonly request: LoggedRequest
  readonly members?: readonly string[]
}

export type WalEntry = LoggedMember | MissingLog | LoggedEntry
export type WalLog = JsonlLog<WalHeader, WalEntry>

const walFormat: JsonlFormat<WalHeader, WalEntry> = {
  header: createValidator(headerSchema),
  entries: {
    member: createValidator(memberSchema),
    missing: createValidator(missingSchema),
    entry: createValidator(entrySchema) as unknown as Validator<LoggedEntry>,
  },
  read: (entry) => entry,
}

/** Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. */
export function parseWalLog(text: string, file = 'wal.jsonl'): WalLog {
  return parseJsonlLog(text, file, walFormat)
}

/** The same from a file; an incomplete last line is left out, with a warning. */
export const readWalLog = (file: string) => readJsonlLog(file, walFormat)
