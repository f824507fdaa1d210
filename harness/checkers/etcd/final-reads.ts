import {
  type History,
  type HistoryEvent,
  isOperation,
  type OperationEvent,
} from '../../history/operations.ts'
import type { FinalState, MemberFinalState } from '../checker.ts'
import { compareBytes } from './model.ts'

/** Members that ended with the same keys at the same revision. */
export type StateGroup = readonly [MemberFinalState, ...MemberFinalState[]]

export function groupByState(final: FinalState | undefined): StateGroup[] {
  const groups = Map.groupBy(final?.members ?? [], ({ revision, keys }) =>
    JSON.stringify([revision, listKeys(keys)]),
  )
  return [...groups.values()] as unknown as StateGroup[]
}

/**
 * The history with each of these states as a linearizable range over all keys, at the state's
 * revision, after everything that completed: members are read once the load has ended, so no state
 * may be older than an answer. The indexes of the history's own events stay the same.
 */
export function withFinalReads(history: History, states: readonly MemberFinalState[]): History {
  const range = { f: 'range', key: '\u0000', end: '\u0000' }
  const reads = states.map(({ keys, revision }) => {
    return { request: range, answer: { value: listKeys(keys), revision } }
  })
  return withReads(history, reads)
}

/** The history with what this state says of one key as a linearizable get at the end. */
export function withFinalGet(
  history: History,
  { keys, revision }: MemberFinalState,
  key: string,
): History {
  const { value = null, modRevision = 0 } = keys[key] ?? {}
  return withReads(history, [
    { request: { f: 'get', key }, answer: { value, modRevision, revision } },
  ])
}

interface Read {
  readonly request: { readonly f: string; readonly [field: string]: unknown }
  readonly answer: { readonly [field: string]: unknown }
}

/** All of them overlap: states of different revisions may all be right. */
function withReads({ header, events }: History, reads: readonly Read[]): History {
  if (reads.length === 0) return { header, events }
  const timeNs = events.at(-1)?.timeNs ?? 0
  const free = events.reduce((most, event) => Math.max(most, processOf(event)), -1) + 1
  const requests = reads.map(({ request }, at): OperationEvent => {
    return { type: 'invoke', process: free + at, timeNs, ...request }
  })
  const answers = reads.map(({ request: { f }, answer }, at): OperationEvent => {
    return { type: 'ok', process: free + at, timeNs, f, ...answer }
  })
  return { header, events: [...events, ...requests, ...answers] }
}

function listKeys(keys: MemberFinalState['keys']): [string, string, number][] {
  return Object.entries(keys)
    .map(([key, { value, modRevision }]): [string, string, number] => [key, value, modRevision])
    .sort(([one], [other]) => compareBytes(one, other))
}

function processOf(event: HistoryEvent): number {
  return isOperation(event) ? event.process : -1
}
