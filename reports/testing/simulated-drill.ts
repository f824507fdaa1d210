import type { Effect, Proof } from '../../harness/core/effect.ts'
import { createRandom, type Random } from '../../harness/core/random.ts'
import type { HistoryEvent, OperationEvent } from '../../harness/history/operations.ts'

export interface SimulatedFault {
  readonly name: string
  readonly effect: Effect
  readonly target: string
  readonly fromS: number
  readonly toS: number
  /** From `fromS` on, no client is served for this long. */
  readonly outageS: number
  readonly proof?: Proof
}

/**
 * A history as a drill would leave it: open loop, clients pinned to members, operations at the
 * target failing or unknown while the fault lasts, all of them while there is no leader.
 */
export function simulateDrill(options: {
  readonly seed: number
  readonly members: readonly string[]
  readonly lengthS: number
  readonly ratePerS: number
  readonly fault: SimulatedFault
}): HistoryEvent[] {
  const { seed, members, lengthS, ratePerS, fault } = options
  const random = createRandom(seed)
  const events: HistoryEvent[] = [
    faultEvent(fault, 'begin', fault.fromS),
    faultEvent(fault, 'end', fault.toS),
  ]
  const free = new Map<number, number>()
  let revision = 1
  for (let sent = 0; sent < lengthS * ratePerS; sent++) {
    const fromS = (sent + random.float() * 0.8) / ratePerS
    const index = sent % members.length
    const process = freeProcess(free, fromS, index, members.length)
    const member = members[index] ?? 'm1'
    const kind = random.int(0, 9)
    const f = kind < 5 ? 'put' : 'get'
    const key = `k${random.int(1, 8)}`
    const end = outcomeOf(fromS, member, fault, random)
    free.set(process, fromS + end.latencyS + 0.0005)
    const common = { process, f, key, member }
    const value = f === 'put' ? { value: `v${sent}` } : {}
    const stale = f === 'get' && kind === 9 ? { serializable: true } : {}
    events.push({ type: 'invoke', ...common, ...value, ...stale, timeNs: ns(fromS) })
    if (fromS + end.latencyS > lengthS) continue
    events.push({
      type: end.type,
      ...common,
      timeNs: ns(fromS + end.latencyS),
      ...(end.error === undefined ? { revision: f === 'put' ? ++revision : revision } : end),
    } as OperationEvent)
  }
  return events.sort((one, other) => one.timeNs - other.timeNs)
}

interface End {
  readonly type: 'ok' | 'fail' | 'info'
  readonly latencyS: number
  readonly error?: string
}

function outcomeOf(fromS: number, member: string, fault: SimulatedFault, random: Random): End {
  const isOut = fromS >= fault.fromS && fromS < fault.fromS + fault.outageS
  const isHit = member === fault.target && fromS >= fault.fromS && fromS < fault.toS
  if (isHit && random.int(0, 9) > 0) {
    return {
      type: 'fail',
      latencyS: 0.0008 + random.float() * 0.002,
      error: 'UNAVAILABLE: refused',
    }
  }
  if (isOut || isHit) {
    const leftS = fault.fromS + fault.outageS - fromS
    if (!isHit && leftS < 0.35 && leftS > 0) return { type: 'ok', latencyS: leftS + 0.004 }
    return { type: 'info', latencyS: 0.5 + random.float() * 0.01, error: 'DEADLINE_EXCEEDED' }
  }
  const slow = random.int(0, 60) === 0 ? 12 : 1
  return { type: 'ok', latencyS: (0.0012 + random.float() ** 3 * 0.006) * slow }
}

function faultEvent(fault: SimulatedFault, phase: 'begin' | 'end', atS: number): HistoryEvent {
  const { name, effect, target } = fault
  const proof = phase === 'end' && fault.proof ? { proof: fault.proof } : {}
  return { type: 'fault', name, effect, phase, targets: [target], timeNs: ns(atS), ...proof }
}

/** Processes are spread over the members; each has one open operation at most. */
function freeProcess(
  free: Map<number, number>,
  atS: number,
  index: number,
  members: number,
): number {
  for (let process = index; ; process += members) {
    if ((free.get(process) ?? 0) <= atS) return process
  }
}

const ns = (seconds: number) => Math.round(seconds * 1e9)
