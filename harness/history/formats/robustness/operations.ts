import type {
  ReportInput,
  ReportOperation,
  ReportOutput,
  ReportRange,
  ReportStep,
} from './schema.ts'
import { otherKeysIn, resultsOf, stepsOf } from './transaction-steps.ts'
import { leaseText, listedAs, textOfValue } from './values.ts'

/** What one operation of a report says, in our words, without process and time. */
export interface ConvertedOperation {
  readonly invocation: Asked
  readonly completion: Answered
}

interface Asked {
  readonly f: string
  readonly [field: string]: unknown
}

interface Answered {
  readonly type: 'ok' | 'info'
  readonly [field: string]: unknown
}

/** Undefined for a defragmentation, which asserts nothing. `keys` are all that the report names. */
export function convertOperation(
  { Input, Output }: ReportOperation,
  keys: readonly string[],
): ConvertedOperation | undefined {
  const converter = converters[Input.Type]
  if (converter === undefined) return undefined
  const { asked, answered } = converter(Input, Output, keys)
  const { Error: error = '', Revision = 0 } = Output
  if (error !== '') return { invocation: asked, completion: { type: 'info', error } }
  const revision = Revision > 0 && { revision: Revision }
  return { invocation: asked, completion: { type: 'ok', ...answered, ...revision } }
}

interface Converted {
  readonly asked: Asked
  readonly answered: object
}

type Converter = (input: ReportInput, output: ReportOutput, keys: readonly string[]) => Converted

const converters: Readonly<Partial<Record<ReportInput['Type'], Converter>>> = {
  range: convertRange,
  txn: (input, output, keys) => convertSingle(input, output) ?? convertTxn(input, output, keys),
  leaseGrant: ({ LeaseGrant }) => {
    const lease = leaseText(LeaseGrant?.LeaseID)
    return { asked: { f: 'grant', ...(lease !== '' && { lease }) }, answered: {} }
  },
  leaseRevoke: ({ LeaseRevoke }) => {
    return { asked: { f: 'revoke', lease: leaseText(LeaseRevoke?.LeaseID) }, answered: {} }
  },
  compact: convertCompaction,
}

function convertRange({ Range }: ReportInput, { Range: answer }: ReportOutput): Converted {
  const { Limit = 0, KeysOnly = false, Revision = 0 } = Range ?? {}
  const asked = {
    f: 'range',
    ...boundsOf(Range ?? { Start: '' }),
    ...(Limit > 0 && { limit: Limit }),
    ...(Revision > 0 && { atRevision: Revision }),
    ...(KeysOnly && { keysOnly: true }),
  }
  return { asked, answered: answerOf(answer) }
}

function boundsOf({ Start, End = '' }: ReportRange) {
  return { key: Start, ...(End !== '' && { end: End }) }
}

function answerOf(answer: ReportOutput['Range']) {
  if (answer === null || answer === undefined) return {}
  const { KVs, Count = 0 } = answer
  return { value: (KVs ?? []).map(listedAs), count: Count }
}

/** A put or a delete alone is a transaction of one step in the report. */
function convertSingle({ Txn }: ReportInput, { Txn: answer }: ReportOutput): Converted | undefined {
  const { Conditions, OperationsOnSuccess, OperationsOnFailure } = Txn ?? {}
  const [step, ...others] = OperationsOnSuccess ?? []
  const hasMore = others.length + (Conditions?.length ?? 0) + (OperationsOnFailure?.length ?? 0) > 0
  const [result] = answer?.Results ?? [{}]
  if (step === undefined || hasMore || answer?.Failure === true || result === undefined) {
    return undefined
  }
  if (step.Type === 'put-operation' && step.Put) {
    const { Key: key, Value, LeaseID } = step.Put
    const lease = leaseText(LeaseID)
    const value = textOfValue(Value)
    return { asked: { f: 'put', key, value, ...(lease !== '' && { lease }) }, answered: {} }
  }
  if (step.Type !== 'delete-operation' || !step.Delete) return undefined
  return {
    asked: { f: 'delete', key: step.Delete.Key },
    answered: { deleted: result.Deleted ?? 0 },
  }
}

function convertTxn(
  { Txn }: ReportInput,
  { Txn: answer }: ReportOutput,
  keys: readonly string[],
): Converted {
  const { Conditions, OperationsOnSuccess, OperationsOnFailure } = Txn ?? {}
  const compare = (Conditions ?? []).map(({ Key, ExpectedVersion = 0, ExpectedRevision = 0 }) =>
    ExpectedVersion > 0
      ? [Key, 'version', '=', ExpectedVersion]
      : [Key, 'mod', '=', ExpectedRevision],
  )
  const then = OperationsOnSuccess ?? []
  const otherwise = OperationsOnFailure ?? []
  const applied = answer?.Failure !== true
  const stepsOfAll = (steps: readonly ReportStep[]) => steps.flatMap((step) => stepsOf(step, keys))
  const ran = (applied ? then : otherwise).map((step, at) => ({
    step,
    result: answer?.Results?.[at],
  }))
  const others = ran.flatMap(({ step, result }) => otherKeysIn(step, result, keys))
  return {
    asked: {
      f: 'txn',
      // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
      value: { compare, then: stepsOfAll(then), else: stepsOfAll(otherwise) },
    },
    answered: {
      applied,
      value: ran.flatMap(({ step, result }) => resultsOf(step, result, keys)),
      ...(others.length > 0 && { otherKeys: others }),
    },
  }
}

function convertCompaction(
  { Compact }: ReportInput,
  { ClientError = '' }: ReportOutput,
): Converted {
  const asked = { f: 'compact', atRevision: Math.max(0, Compact?.Revision ?? 0) }
  if (ClientError === '') return { asked, answered: {} }
  const rejectedAs = ClientError.includes('future') ? 'future' : 'compacted'
  return { asked, answered: { rejectedAs } }
}
