import type { FinalState } from '../../checkers/checker.ts'
import { readJson } from '../../core/read-json.ts'
import { count, numberOrNull, record } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, expectShape } from '../../core/schema/validator.ts'

const memberSchema = Type.Object({
  member: Type.String(),
  revision: count,
  keys: record(
    Type.Object({
      value: Type.String(),
      modRevision: count,
      createRevision: Type.Optional(count),
      version: Type.Optional(count),
      lease: Type.Optional(Type.String()),
    }),
  ),
  hash: numberOrNull,
  hashRevision: count,
  compactRevision: Type.Optional(
    Type.Integer({ minimum: -1, description: 'etcd says -1 before the first compaction.' }),
  ),
})

const validator = createValidator(Type.Object({ members: Type.Array(memberSchema) }))

/** `final-state.json`; throws an InputError with the file and what is wrong with it. */
export function readFinalState(file: string): FinalState {
  const parsed = readJson(file, 'the final state of the members')
  return expectShape<FinalState>(validator, parsed, { what: 'the final state', file })
}
