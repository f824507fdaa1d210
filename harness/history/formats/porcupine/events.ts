import type { PlacedEvent } from '../conversion.ts'
import { isRead } from './answers.ts'
import type { PorcupineOperation } from './operation.ts'

/** As Porcupine orders them: by time, calls before returns of the same time. */
export function eventsOf(operations: readonly PorcupineOperation[]): PlacedEvent[] {
  const moments = operations.flatMap((operation) => {
    const { call, returned } = operation
    const begin = { atTime: call, isCall: true, operation }
    return returned === undefined
      ? [begin]
      : [begin, { atTime: returned, isCall: false, operation }]
  })
  moments.sort((one, other) => {
    if (one.atTime < other.atTime) return -1
    if (one.atTime > other.atTime) return 1
    return Number(other.isCall) - Number(one.isCall)
  })
  const first = moments[0]?.atTime ?? 0
  const processOf = assignProcesses(operations)
  return moments.map(({ atTime, isCall, operation }) => {
    const timeNs = Math.round(Number(atTime) - Number(first))
    const common = { process: processOf(operation, isCall), f: operation.op, timeNs }
    const event = isCall ? invocationOf(operation) : operation.answer
    return { event: { ...common, ...event }, place: operation.place }
  })
}

/** A client's number, while it has one request at a time; a number of its own for each other one. */
function assignProcesses(operations: readonly PorcupineOperation[]) {
  const clients = operations.map(({ client }) => client).filter(isProcess)
  let next = clients.reduce((most, client) => Math.max(most, client), -1) + 1
  const busy = new Set<number>()
  const given = new Map<PorcupineOperation, number>()
  return (operation: PorcupineOperation, isCall: boolean): number => {
    const known = given.get(operation)
    if (!isCall && known !== undefined) {
      busy.delete(known)
      return known
    }
    const { client } = operation
    const process = isProcess(client) && !busy.has(client) ? client : next++
    busy.add(process)
    given.set(operation, process)
    return process
  }
}

function isProcess(client: unknown): client is number {
  return Number.isSafeInteger(client) && Number(client) >= 0
}

function invocationOf({ op, key, value }: PorcupineOperation) {
  const named = { type: 'invoke' as const, ...(key !== undefined && { key }) }
  return isRead(op) ? named : { ...named, value: value ?? null }
}
