import type { ReportOperation, ReportOutput, ReportStep } from './schema.ts'
import { listedAs, textOfValue } from './values.ts'

type Result = NonNullable<NonNullable<ReportOutput['Txn']>['Results']>[number]

const unbounded = '\0'

/** Every key that the operations name, in the order of its bytes. */
export function keysNamedIn(operations: readonly ReportOperation[]): readonly string[] {
  const keys = new Set<string>()
  for (const { Input, Output } of operations) {
    const { Conditions, OperationsOnSuccess, OperationsOnFailure } = Input.Txn ?? {}
    for (const { Key } of Conditions ?? []) keys.add(Key)
    for (const step of [...(OperationsOnSuccess ?? []), ...(OperationsOnFailure ?? [])]) {
      for (const key of [step.Put?.Key, step.Delete?.Key]) if (key !== undefined) keys.add(key)
    }
    const answers = [Output.Range, ...(Output.Txn?.Results ?? [])]
    for (const { Key } of answers.flatMap((answer) => answer?.KVs ?? [])) keys.add(Key)
  }
  return [...keys].sort(compareBytes)
}

const compareBytes = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other))

/** The steps of ours that one of the report's is: a range is a get of each key within its bounds. */
export function stepsOf(step: ReportStep, keys: readonly string[]): readonly (readonly string[])[] {
  const { Type, Put, Delete } = step
  if (Type === 'put-operation') return [['put', Put?.Key ?? '', textOfValue(Put?.Value)]]
  if (Type === 'delete-operation') return [['delete', Delete?.Key ?? '']]
  return keysRead(step, keys).map((key) => ['get', key])
}

/** The results of those steps; null asserts nothing, as where the report has no result. */
export function resultsOf(
  step: ReportStep,
  result: Result | undefined,
  keys: readonly string[],
): readonly unknown[] {
  if (result === undefined) return stepsOf(step, keys).map(() => null)
  if (step.Type === 'put-operation') return [null]
  if (step.Type === 'delete-operation') return [result.Deleted ?? 0]
  const { Limit = 0, KeysOnly = false, Revision = 0 } = step.Range ?? {}
  const listed = result.KVs ?? []
  const cells = new Map(
    listed.map((kv) => {
      const [key, value, modRevision, version] = listedAs(kv)
      return [key, [value, modRevision, version]]
    }),
  )
  const isCut = Limit > 0 && listed.length >= Limit
  const last = listed.at(-1)?.Key ?? ''
  return keysRead(step, keys).map((key) => {
    // A past state, and a key without its value, are more than a get of ours asserts.
    const isAsserted = Revision <= 0 && !KeysOnly && !(isCut && compareBytes(key, last) > 0)
    return isAsserted ? (cells.get(key) ?? [null, 0]) : null
  })
}

/** Keys that the result shows and the step does not read. */
export function otherKeysIn(
  step: ReportStep,
  result: Result | undefined,
  keys: readonly string[],
): string[] {
  if (step.Type !== 'range-operation') return []
  const read = new Set(keysRead(step, keys))
  return (result?.KVs ?? []).map(({ Key }) => Key).filter((key) => !read.has(key))
}

function keysRead({ Range }: ReportStep, keys: readonly string[]): readonly string[] {
  const { Start = '', End = '' } = Range ?? {}
  if (End === '') return [Start]
  return keys.filter((key) => {
    return compareBytes(key, Start) >= 0 && (End === unbounded || compareBytes(key, End) < 0)
  })
}
