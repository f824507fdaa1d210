import type { Random } from '../../core/random.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'
import { mutations } from './etcd-mutations.ts'

/**
 * Damages a history as a faulty store or network would, and strips facts from answers as a sparse
 * recorder would. Some results are still right: the oracle says which.
 */
export function mutateEtcd({ header, events }: History, random: Random): History {
  let damaged = [...events]
  const rounds = random.pick([0, 1, 1, 1, 2, 3])
  for (let round = 0; round < rounds; round++) damaged = random.pick(mutations)(damaged, random)
  if (random.float() < 0.3) damaged = damaged.map((event) => strip(event, random, 0.2))
  return { header, events: damaged }
}

const strippable = [
  'revision',
  'modRevision',
  'deleted',
  'applied',
  'value',
  'count',
  'prev',
] as const

/** An answer without some of what it may carry, as a sparse recorder writes it. */
export function strip(event: HistoryEvent, random: Random, share: number): HistoryEvent {
  if (event.type !== 'ok') return event
  const kept: Record<string, unknown> = { ...event }
  for (const field of strippable) {
    if (field === 'applied' && event.f === 'cas') continue
    if (field === 'value' && event.f === 'range') continue
    if (random.float() < share) delete kept[field]
  }
  return kept as HistoryEvent
}
