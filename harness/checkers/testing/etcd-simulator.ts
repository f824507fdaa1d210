import { createRandom } from '../../core/random.ts'
import type { History, HistoryHeader, OperationEvent } from '../../history/operations.ts'
import { createRequests } from './etcd-requests.ts'
import {
  answerRequest,
  openStore,
  previousOf,
  rejected,
  type Store,
} from './etcd-simulated-store.ts'

export interface EtcdSimulation {
  readonly seed: number | string
  readonly operations: number
  readonly keys: number
  readonly processes: number
  /** Share of requests whose outcome stays unknown; half of them happen. */
  readonly unknownShare: number
  /** After each so many operations, so many in a row stay unknown, as in an outage. */
  readonly outages?: { readonly every: number; readonly length: number }
  /** Distinct values; 0 = every put has its own. */
  readonly values?: number
  readonly initial?: HistoryHeader['initial'] | undefined
  /** Share of foreign writes; the header says so. */
  readonly foreignShare?: number | undefined
  /** Share of puts and deletes whose answer has what the key held before. */
  readonly prevShare?: number
  /** So many leases are granted at the start; puts go with one, and revokes end them. */
  readonly leases?: number
  /** Share of ranges that show versions, and of transactions that compare versions or creations. */
  readonly metadataShare?: number
  /** Weights by kind of request. */
  readonly mix?: Readonly<Record<string, number>> | undefined
}

export type OpenRequest = { -readonly [F in keyof OperationEvent]: OperationEvent[F] }

export interface SimulatedClient {
  open: OpenRequest | undefined
  answer: OpenRequest | undefined
  fate: 'ok' | 'fail' | 'info'
  willHappen: boolean
}

/** A history that a correct etcd can produce, event by event; the seed decides everything. */
export function simulateEtcd(simulation: EtcdSimulation): History {
  return simulateEtcdToEnd(simulation).history
}

export interface SimulatedEnd {
  readonly history: History
  /** What the store holds when the history ends. */
  readonly store: Store
  /** The requests that the store carried out, in its order. */
  readonly executed: readonly OpenRequest[]
}

/** The same, with what only the store knows. */
export function simulateEtcdToEnd(simulation: EtcdSimulation): SimulatedEnd {
  const events: OperationEvent[] = []
  const executed: OpenRequest[] = []
  const store = streamEtcd(simulation, {
    emit: (event) => events.push(event),
    execute: (request) => executed.push(request),
  })
  return { history: { header: headerOf(simulation), events }, store, executed }
}

/** The same, event by event, for histories that no memory holds. Returns the store at the end. */
export function streamEtcd(
  simulation: EtcdSimulation,
  {
    emit,
    execute = () => {},
  }: {
    readonly emit: (event: OperationEvent) => void
    readonly execute?: (request: OpenRequest) => void
  },
): Store {
  const random = createRandom(simulation.seed)
  const store = openStore(simulation)
  const clients = Array.from(
    { length: simulation.processes },
    (): SimulatedClient => createClient(),
  )
  const requests = createRequests(simulation, random)
  let sent = 0
  let timeNs = 0
  const isBusy = () => sent < simulation.operations || clients.some(({ open }) => open)
  while (isBusy()) {
    const process = random.int(0, clients.length - 1)
    const client = clients[process] as SimulatedClient
    timeNs += 1000
    if (client.open === undefined) {
      if (sent++ >= simulation.operations) continue
      client.open = { type: 'invoke', process, timeNs, ...requests.request() }
      emit(client.open)
      Object.assign(client, requests.fate(sent), { answer: undefined })
      continue
    }
    if (random.float() < (simulation.foreignShare ?? 0)) store.revision++
    if (client.answer === undefined) {
      const prev = previousOf(simulation, store, client.open, random)
      const answer = client.willHappen ? answerRequest(store, client.open, random) : {}
      if (answer === rejected) client.fate = 'fail'
      else if (client.willHappen) execute(client.open)
      client.answer = { ...answer, ...prev } as OpenRequest
      if (random.float() < 0.5) continue
    }
    const { f, key } = client.open
    const answer = client.fate === 'ok' ? client.answer : {}
    const named = key === undefined ? { f } : { f, key }
    emit({ type: client.fate, process, timeNs, ...named, ...answer })
    clients[process] = createClient()
  }
  return store
}

export function headerOf({ initial, foreignShare }: EtcdSimulation): HistoryHeader {
  return {
    format: 'gauntlet-history/1',
    model: 'etcd',
    ...(initial !== undefined && { initial }),
    ...(foreignShare !== undefined && { foreignWrites: true }),
  }
}

const createClient = (): SimulatedClient => ({
  open: undefined,
  answer: undefined,
  fate: 'ok',
  willHappen: true,
})
