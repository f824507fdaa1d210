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
 * it, and reads the keys throughout. At the end it revokes one more lease, leaves another, and waits
 * for its expiry.
 */
export const leases: Program = (place: Place) => {
  const { random, leaseSlackMs } = place
  const next = freshLeases(place, 0)
  const fresh = freshNames(place)
  return {
    *turn() {
      const lease = next(random.int(2, 4))
      if (!(yield* begin(lease, fresh))) return
      const fate = random.pick(['kept', 'kept', 'left', 'revoked'])
      if (fate === 'kept') yield* keepAlive(lease, random.int(4, 12))
      if (fate === 'revoked') yield* revoke(lease)
      yield* read(lease)
    },
    *finish() {
      const last = next(2)
      if (yield* begin(last, fresh)) {
        yield* revoke(last)
        yield* read(last)
      }
      for (let lasts = 0; lasts < mostLasts; lasts++) {
        const lease = next(2)
        if (!(yield* begin(lease, fresh))) continue
        yield { kind: 'wait', ms: lease.ttlS * 1_000 + leaseSlackMs + marginMs }
        yield* read(lease)
        return
      }
    },
  }
}

/**
 * The same in a hurry: keeps each lease alive for a few rounds and revokes most of them. It waits for
 * no expiry, which takes longer than most scenarios. It reads at once, and some leases are long, so that
 * a slow machine too shows that a lease is kept.
 */
export const briefLeases: Program = (place: Place) => {
  const { random } = place
  const next = freshLeases(place, 1)
  const fresh = freshNames(place)
  return {
    *turn() {
      const lease = next(random.pick([2, 5, 8]))
      if (!(yield* begin(lease, fresh))) return
      yield* read(lease)
      yield* keepAlive(lease, random.int(1, 3))
      if (random.int(1, 4) > 1) yield* revoke(lease)
      yield* read(lease)
    },
  }
}

/** No two leases of a history share an id: a program has a series of its own. */
function freshLeases({ client }: Place, series: number): (ttlS: number) => Lease {
  let count = 0
  return (ttlS) => {
    const id = String(series + 1_000 * (client + 1) + 100_000 * ++count)
    const keys = Array.from({ length: keysEach }, (_, at) => `lease/${id}/${at}`)
    return { id, ttlS, keys }
  }
}

/** Returns whether every request was acknowledged. */
function* begin(
  { id, ttlS, keys }: Lease,
  fresh: () => string,
): Generator<ProgramStep, boolean, Completion> {
  const granted = yield { kind: 'grant', lease: id, ttlS, tolerant: true }
  if (granted.type !== 'ok') return false
  yield { kind: 'may-expire', lease: id, keys }
  for (const key of keys) {
    const put = yield { kind: 'put', key, value: fresh(), lease: id, tolerant: true }
    if (put.type !== 'ok') return false
  }
  return true
}

function* revoke({ id }: Lease): Turn {
  yield { kind: 'revoke', lease: id, tolerant: true }
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
