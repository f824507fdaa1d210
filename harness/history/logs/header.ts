import { count } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { type JsonlFormat, type JsonlLog, readJsonlLog } from './jsonl.ts'

/**
 * Which member of which cluster answered, and in which term of raft: the headers of all answers to a
 * drill's clients, `gauntlet-headers/1`: `headers.jsonl` beside `history.jsonl`. docs/HISTORY.md.
 */
const headerSchema = Type.Object({ format: Type.Literal('gauntlet-headers/1') })

const id = Type.String({ pattern: '^\\d+$', title: 'a decimal id' })

const answerSchema = Type.Object({
  type: Type.Literal('answer'),
  member: Type.String({ description: 'The member that received the request.' }),
  method: Type.String({ description: "Of etcd's API, such as `KV.Range`." }),
  sentNs: Type.Integer({
    ...count,
    description: 'When the request was sent; of an answer on a stream, when it was opened.',
  }),
  timeNs: count,
  clusterId: id,
  memberId: id,
  raftTerm: count,
})

export interface HeaderLogHeader extends Shape<typeof headerSchema> {
  readonly [field: string]: unknown
}

export interface HeaderEntry extends Shape<typeof answerSchema> {}

export type HeaderLog = JsonlLog<HeaderLogHeader, HeaderEntry>

const format: JsonlFormat<HeaderLogHeader, HeaderEntry> = {
  header: createValidator(headerSchema),
  entries: { answer: createValidator(answerSchema) },
  read: (entry) => entry,
}

/**
 * Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. An
 * incomplete last line is left out, with a warning.
 */
export const readHeaderLog = (file: string) => readJsonlLog(file, format)
