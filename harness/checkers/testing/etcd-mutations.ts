import type { Random } from '../../core/random.ts'
import type { HistoryEvent, OperationEvent } from '../../history/operations.ts'

function change(
  events: HistoryEvent[],
  index: number,
  fields: Partial<OperationEvent>,
): HistoryEvent[] {
  return events.map((event, at) =>
    at === index ? ({ ...event, ...fields } as HistoryEvent) : event,
  )
}

function pickAnswer(
  events: readonly HistoryEvent[],
  random: Random,
  fits: (event: OperationEvent) => boolean = () => true,
): number {
  const answers = events.flatMap((event, at) =>
    event.type === 'ok' && fits(event as OperationEvent) ? [at] : [],
  )
  return answers.length === 0 ? -1 : random.pick(answers)
}

function answerAt(events: readonly HistoryEvent[], at: number): OperationEvent | undefined {
  return events[at] as OperationEvent | undefined
}

/** A get answers what an earlier get of the key answered. */
function staleRead(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const at = pickAnswer(events, random, ({ f }) => f === 'get')
  const key = answerAt(events, at)?.key
  const from = pickAnswer(events.slice(0, Math.max(0, at)), random, (event) => event.key === key)
  const earlier = answerAt(events, from)
  if (earlier === undefined || earlier.f !== 'get') return events
  const { value, modRevision } = earlier
  return change(events, at, { value, ...(modRevision !== undefined && { modRevision }) })
}

function shiftRevision(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const at = pickAnswer(events, random, ({ revision }) => revision !== undefined)
  const event = answerAt(events, at)
  if (event === undefined) return events
  const by = random.pick([-1, 1, 1, 2])
  if (event.modRevision && random.float() < 0.5) {
    return change(events, at, { modRevision: Math.max(1, event.modRevision + by) })
  }
  return change(events, at, { revision: Math.max(1, (event.revision ?? 1) + by) })
}

function swapRevisions(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const one = pickAnswer(events, random)
  const other = pickAnswer(events, random)
  const [first, second] = [answerAt(events, one)?.revision, answerAt(events, other)?.revision]
  if (first === undefined || second === undefined) return events
  return change(change(events, one, { revision: second }), other, { revision: first })
}

function duplicateRevision(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const revision = answerAt(events, pickAnswer(events, random))?.revision
  const at = pickAnswer(events, random)
  return at < 0 || revision === undefined ? events : change(events, at, { revision })
}

function dropOperation(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const at = pickAnswer(events, random)
  const process = answerAt(events, at)?.process
  const begun = events.findLastIndex(
    (event, index) => index < at && event.type === 'invoke' && event.process === process,
  )
  return at < 0 ? events : events.filter((_, index) => index !== at && index !== begun)
}

/** The write is answered, and every later answer is as if it had not been. */
function loseAcknowledged(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const at = pickAnswer(events, random, ({ f }) => f === 'put')
  const lost = answerAt(events, at)?.revision
  if (lost === undefined) return events
  return events.map((event, index) => {
    if (event.type !== 'ok' || index <= at) return event
    const { revision, modRevision } = event as OperationEvent
    const back = (number: number) => (number > lost ? number - 1 : number)
    return {
      ...event,
      ...(revision !== undefined && { revision: back(revision) }),
      ...(modRevision !== undefined && { modRevision: back(modRevision) }),
    } as HistoryEvent
  })
}

/** Two neighbouring events of different processes change places. */
function swapNeighbours(events: HistoryEvent[], random: Random): HistoryEvent[] {
  if (events.length < 2) return events
  const at = random.int(0, events.length - 2)
  const one = events[at] as OperationEvent
  const other = events[at + 1] as OperationEvent
  if (one.process === other.process) return events
  return [...events.slice(0, at), other, one, ...events.slice(at + 2)]
}

function garble(events: HistoryEvent[], random: Random): HistoryEvent[] {
  const at = pickAnswer(events, random)
  const event = answerAt(events, at)
  if (event === undefined) return events
  if (event.prev !== undefined && random.float() < 0.7) {
    const value = random.pick(['v0', 'v1', 'v2'])
    const other = { value, modRevision: random.int(1, 6) }
    return change(events, at, { prev: event.prev === null ? other : random.pick([null, other]) })
  }
  if (event.f === 'delete') return change(events, at, { deleted: 1 - (event.deleted ?? 0) })
  if (event.f === 'cas') return change(events, at, { applied: event.applied === false })
  if (event.f === 'range' && random.float() < 0.5) return change(events, at, otherVersion(event))
  if (event.f === 'txn') return change(events, at, { applied: event.applied === false })
  if (event.f !== 'get') return change(events, at, { revision: random.int(1, 8) })
  return change(events, at, {
    value: random.pick([null, 'v0', 'v1', 'v2']),
    modRevision: random.int(1, 6),
  })
}

function otherVersion({ value }: OperationEvent): Partial<OperationEvent> {
  const [first, ...rest] = value as [string, string, number, number?][]
  if (first === undefined) return { value: [] }
  const [key, text, mod, version = 1] = first
  return { value: [[key, text, mod, version + 1], ...rest] }
}

type Mutation = (events: HistoryEvent[], random: Random) => HistoryEvent[]

export const mutations: readonly Mutation[] = [
  staleRead,
  shiftRevision,
  shiftRevision,
  swapRevisions,
  duplicateRevision,
  dropOperation,
  loseAcknowledged,
  swapNeighbours,
  garble,
]
