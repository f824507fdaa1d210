import type { Operation } from '../../../harness/history/operations.ts'
import { nameOfAddressee } from '../../../harness/history/request.ts'
import type { SavedHistory } from '../../read/history.ts'
import { argumentOf, brief, resultOf } from '../operation-text.ts'
import { columnsOf } from './columns.ts'
import type { Bar, Row } from './picture.ts'

/** A bar ends where the client stopped waiting, though an `info` may take effect later. */
export function endAtCompletion(operation: Operation, { events }: SavedHistory): Operation {
  const { completion, invokeIndex } = operation
  if (completion === undefined) return operation
  return { ...operation, completeIndex: events.indexOf(completion, invokeIndex) }
}

/** The key that all of them have. */
export function commonKey(operations: readonly Operation[]): string | undefined {
  const keys = new Set(operations.map(({ invoke }) => invoke.key))
  return keys.size === 1 ? [...keys][0] : undefined
}

/** By the order of their events: a pause would leave bars a pixel wide on an axis of time. */
export const columnsOfOperations = (operations: readonly Operation[]) =>
  columnsOf(operations.flatMap(({ invokeIndex, completeIndex }) => [invokeIndex, completeIndex]))

/** A lane for each client. */
export function rowsByClient(
  operations: readonly Operation[],
  barOf: (operation: Operation) => Bar,
): Row[] {
  const clients = [...Map.groupBy(operations, ({ process }) => process)]
  return clients
    .sort(([one], [other]) => one - other)
    .map(([process, mine]) => ({ name: `client ${process}`, bars: mine.map(barOf) }))
}

interface DescribeOptions {
  readonly withKey: boolean
  readonly isCulprit: boolean
  /** `timeNs` → seconds, as the picture counts them. */
  readonly seconds: (timeNs: number) => number
}

/** What was requested, without the key where the picture has one, and what the client received. */
export function describeOperation(
  operation: Operation,
  { withKey, isCulprit, seconds }: DescribeOptions,
): Pick<Bar, 'kind' | 'words' | 'result' | 'text' | 'isCulprit'> {
  const { f, outcome, process, invoke, completion } = operation
  const key = withKey ? brief(invoke.key ?? '') : ''
  const words = [f, key, argumentOf(invoke)].filter(Boolean)
  const result = resultOf(operation)
  const at = (timeNs: number) => `${seconds(timeNs).toFixed(4)} s`
  const until = completion === undefined ? 'never' : at(completion.timeNs)
  const name = nameOfAddressee(invoke)
  const where = name === '' ? '' : ` at ${name}`
  const mark = isCulprit ? ' (the violation)' : ''
  const when = `${at(invoke.timeNs)} to ${until}${mark}`
  const text = `client ${process}${where}: ${words.join(' ')} → ${result}, ${when}`
  return { kind: outcome, words, result, text, isCulprit }
}
