import type { Random } from '../../core/random.ts'
import type { History, HistoryEvent, OperationEvent } from '../../history/operations.ts'

export interface RegisterSimulation {
  readonly model: 'cas-register' | 'kv'
  readonly operations: number
  readonly processes: number
  /** 0 = the single register, without keys. */
  readonly keys: number
  /** So many different values are written; 0 = every one is new. */
  readonly values: number
  /** Share of operations whose answer is lost, whether or not they took effect. */
  readonly unknown?: number
  /** Share of operations that are refused and do nothing. */
  readonly failed?: number
  readonly initial?: unknown
  /** Weights of read, write, and cas or append; default 2, 1, 1. */
  readonly mix?: readonly [number, number, number]
}

interface Request {
  readonly process: number
  readonly invoke: OperationEvent
  fate: 'ok' | 'fail' | 'info'
  isDone: boolean
  completion: Partial<OperationEvent>
}

/**
 * A history that is linearizable because it happened: simulated clients, each with one request at
 * a time, on one store. A lost request may take effect long after its client gave it up, or never;
 * its client goes on under a new number, as a real one does.
 */
export function simulateRegisters(plan: RegisterSimulation, random: Random): History {
  const world = { plan, random, store: new Map<string, unknown>(), events: [] as HistoryEvent[] }
  const busy: (Request | undefined)[] = new Array(plan.processes).fill(undefined)
  const lost: Request[] = []
  const names = busy.map((_, index) => index)
  let [begun, nextName] = [0, plan.processes]
  while (begun < plan.operations || busy.some((request) => request !== undefined)) {
    if (lost.length > 0 && random.float() < 0.02) takeEffect(world, random.pick(lost))
    const client = random.int(0, plan.processes - 1)
    const request = busy[client]
    if (request === undefined) {
      if (begun++ < plan.operations) busy[client] = invoke(world, names[client] ?? 0)
    } else if (!request.isDone && request.fate !== 'fail' && random.float() < 0.7) {
      takeEffect(world, request)
    } else if (request.isDone || request.fate !== 'ok') {
      complete(world, request)
      busy[client] = undefined
      if (request.fate !== 'info') continue
      lost.push(request)
      names[client] = nextName++
    }
  }
  const { model, initial } = plan
  const header = { format: 'gauntlet-history/1', model } as const
  return { header: initial === undefined ? header : { ...header, initial }, events: world.events }
}

interface World {
  readonly plan: RegisterSimulation
  readonly random: Random
  readonly store: Map<string, unknown>
  readonly events: HistoryEvent[]
}

function invoke({ plan, random, events }: World, process: number): Request {
  const { model, keys, values, mix = [2, 1, 1] } = plan
  const isKv = model === 'kv'
  const drawn = random.float() * (mix[0] + mix[1] + mix[2])
  const kind = drawn < mix[0] ? 0 : drawn < mix[0] + mix[1] ? 1 : 2
  const f = (isKv ? ['get', 'put', 'append'] : ['read', 'write', 'cas'])[kind] as string
  const fresh = () => {
    const number = values === 0 ? events.length : random.int(1, values)
    return isKv ? `${number} ` : number
  }
  const old = () => (values === 0 ? recent(events, random) : fresh())
  const value = kind === 0 ? {} : { value: f === 'cas' ? [old(), fresh()] : fresh() }
  const key = keys === 0 ? {} : { key: `k${random.int(1, keys)}` }
  const event = {
    type: 'invoke',
    process,
    f,
    timeNs: events.length * 1000,
    ...key,
    ...value,
  } as const
  events.push(event)
  const luck = random.float()
  const unknown = plan.unknown ?? 0
  const fate = luck < unknown ? 'info' : luck < unknown + (plan.failed ?? 0) ? 'fail' : 'ok'
  return { process, invoke: event, fate, isDone: false, completion: {} }
}

/** A value written lately, so that some compares of unique values succeed. */
function recent(events: readonly HistoryEvent[], random: Random): unknown {
  for (let tries = 0; tries < 30; tries++) {
    const event = events[events.length - 1 - random.int(0, Math.min(40, events.length))]
    if (event?.type !== 'invoke' || event.value === undefined) continue
    return Array.isArray(event.value) ? event.value[1] : event.value
  }
  return null
}

function takeEffect({ plan, store }: World, request: Request): void {
  if (request.isDone) return
  request.isDone = true
  const { f, key = '', value } = request.invoke
  const empty = plan.initial ?? (plan.model === 'kv' ? '' : null)
  const held = store.has(key) ? store.get(key) : empty
  if (f === 'read' || f === 'get') request.completion = { value: held }
  else if (f === 'append') store.set(key, `${held}${value}`)
  else if (f === 'cas') {
    const [old, fresh] = value as [unknown, unknown]
    if (old === held) store.set(key, fresh)
    request.completion = { applied: old === held }
  } else store.set(key, value)
}

function complete({ events }: World, { process, invoke, fate, completion }: Request): void {
  const { f, key } = invoke
  const named = key === undefined ? {} : { key }
  const result = fate === 'ok' ? completion : {}
  const timeNs = events.length * 1000
  events.push({ type: fate, process, f, timeNs, ...named, ...result })
}
