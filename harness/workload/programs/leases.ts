import type { Completion } from '../../history/recorder.ts'
import {
  freshNames,
  get,
  type Place,
  type Program,
  type ProgramStep,
  type Turn,
} from '../program.ts'

const keysEach = 2
/** On top of its time to live and the slack, before a read that must miss an expired lease. */
const marginMs = 1_000
/** Tries again with another lease: one without acknowledgement proves nothing. */
const mostLasts = 5

interface Lease {
  readonly id: string
  readonly ttlS: number
  readonly keys: readonly string[]
}

/**
 * Grants a lease, attaches keys to it and keeps it alive for some rounds, lets it expire, or revokes
 * it, and reads the keys throughout. At the end it leaves one more lease and waits for its expiry.
 */
export const leases: Program = (place: Place) => {
  const { random, client, leaseSlackMs } = place
  const fresh = freshNames(place)
  let count = 0
  const next = (ttlS: number): Lease => {
    const id = String(1_000 * (client + 1) + 100_000 * ++count)
    const keys = Array.from({ length: keysEach }, (_, at) => `lease/${id}/${at}`)
    return { id, ttlS, keys }
  }
  /** Returns whether every request was acknowledged. */
  function* begin({ id, ttlS, keys }: Lease): Generator<ProgramStep, boolean, Completion> {
    const granted = yield { kind: 'grant', lease: id, ttlS, tolerant: true }
    if (granted.type !== 'ok') return false
    yield { kind: 'may-expire', lease: id, keys }
    for (const key of keys) {
      const put = yield { kind: 'put', key, value: fresh(), lease: id, tolerant: true }
      if (put.type !== 'ok') return false
    }
    return true
  }
  return {
    *turn() {
      const lease = next(random.int(2, 4))
      if (!(yield* begin(lease))) return
      const fate = random.pick(['kept', 'kept', 'left', 'revoked'])
      if (fate === 'kept') yield* keepAlive(lease, random.int(4, 12))
      if (fate === 'revoked') yield { kind: 'revoke', lease: lease.id, tolerant: true }
      yield* read(lease)
    },
    *finish() {
      for (let lasts = 0; lasts < mostLasts; lasts++) {
        const lease = next(2)
        if (!(yield* begin(lease))) continue
        yield { kind: 'wait', ms: lease.ttlS * 1_000 + leaseSlackMs + marginMs }
        yield* read(lease)
        return
      }
    },
  }
}

/** Continues after any outcome: failures are when a lease is in danger. */
function* keepAlive(lease: Lease, rounds: number): Turn {
  for (let round = 0; round < rounds; round++) {
    const kept = yield { kind: 'keepalive', lease: lease.id, tolerant: true }
    if (kept.type === 'ok' && kept.ttlS === 0) return
    yield* read(lease)
  }
}

function* read({ keys }: Lease): Turn {
  for (const key of keys) yield { ...get(key), tolerant: true }
}
