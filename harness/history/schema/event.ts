import { effects } from '../../core/effect.ts'
import { count } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'

/**
 * What is true of every line of `gauntlet-history/1`, whatever its model: the types of operations.ts
 * are made of it. Unknown fields are allowed. model.ts has what differs by model and `f`.
 */
const text = Type.String()
const flag = Type.Optional(Type.Boolean())
const name = Type.Optional(text)
const number = Type.Optional(count)

/** Nanoseconds since an epoch are beyond exact numbers, which charts do not need. */
const timeNs = Type.Integer({
  minimum: 0,
  exclusiveMaximum: 2 ** 63,
  title: 'an integer from 0',
  description: "Monotonic since the run's start; the order of the lines is the order of events.",
})

export const modelSchema = Type.Enum(['etcd', 'cas-register', 'kv', 'set'])

const anyModelHeader = {
  format: Type.Literal('gauntlet-history/1'),
  initial: Type.Optional(
    Type.Unknown({ description: 'What a register holds at first; null or absent = empty.' }),
  ),
  seed: Type.Optional(Type.Union([Type.Number(), Type.String()])),
}

/** A header whose model does not matter, because the user names another one. */
export const anyModelHeaderSchema = Type.Object(anyModelHeader)

export const headerSchema = Type.Object({ ...anyModelHeader, model: modelSchema })

/** What both kinds of events have; it is the first thing that is checked of an event. */
export const eventSchema = Type.Object({
  type: Type.Enum(['invoke', 'ok', 'fail', 'info', 'fault']),
  timeNs,
})

export const operationSchema = Type.Object({
  type: Type.Enum(['invoke', 'ok', 'fail', 'info']),
  process: Type.Integer({ ...count, description: 'It has one open invocation at most.' }),
  f: text,
  timeNs,
  key: name,
  value: Type.Optional(Type.Unknown()),
  member: Type.Optional(Type.String({ description: 'The member that received the request.' })),
  door: Type.Optional(
    Type.String({
      description:
        'The gateway or proxy to which the client sent it instead: which member received it is not known.',
    }),
  ),
  error: Type.Optional(Type.String({ description: 'Why a completion is fail or info.' })),
  lateNs: Type.Optional(
    Type.Integer({
      ...count,
      description:
        'Of an invocation at a fixed rate: how long after its intended time it was sent; absent when that was less than 5 ms.',
    }),
  ),
  revision: Type.Optional(
    Type.Integer({ ...count, description: "Of the response's header, after the operation." }),
  ),
  modRevision: number,
  serializable: flag,
  applied: flag,
  deleted: number,
  end: name,
  limit: number,
  atRevision: number,
  count: number,
  more: flag,
})

/** The kinds of harm that a fault does, see docs/FAULTS.md. */
const effectSchema = Type.Enum([...effects])

const reading = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])

const measurementSchema = Type.Object({
  at: text,
  what: text,
  before: Type.Optional(reading),
  now: reading,
})

const proofSchema = Type.Object(
  { observed: Type.Boolean(), expected: text, measured: Type.Array(measurementSchema) },
  { description: 'What was measured while the fault was in force.' },
)

export const faultSchema = Type.Object({
  type: Type.Literal('fault'),
  name: text,
  phase: Type.Enum(['begin', 'end']),
  targets: Type.Array(text, { title: 'an array of member names, or of doors' }),
  timeNs,
  effect: Type.Optional(effectSchema),
  proof: Type.Optional(proofSchema),
})
