import { lowerBound } from '../core/lower-bound.ts'
import type { Random } from '../core/random.ts'
import type { OperationKind, PlannedOperation } from '../history/request.ts'
import type { WorkloadSpec } from './workload.ts'

/** An endless plan of operations: the same seed gives the same plan, whatever the answers. */
export interface WorkloadPlan {
  next(): PlannedOperation
}

/**
 * Plans operations in the proportions of `spec.mix`. Each kind comes at even distances and visits the
 * members round robin, so that an outage of one kind shows within a few requests; keys are drawn,
 * uniform or by Zipf. No value is planned twice. A compare-and-set expects the plan's last value of
 * its key. Some puts and deletes ask for the previous value. The first puts write the write-once keys
 * (`writeOnceKeys`), which are only read from then on.
 */
export function planOperations(
  spec: WorkloadSpec,
  place: { readonly random: Random; readonly memberCount: number },
): WorkloadPlan {
  const nextKind = createKindTurns(spec.mix)
  const nextMember = createMemberTurns(place.memberCount)
  const nextKey = createKeyDrawer(spec, place.random.fork('keys'))
  const nextWriteOnce = createWriteOnceTurns(spec, place.random.fork('rest'))
  const previous = place.random.fork('prev')
  const lastWritten = new Map<string, string>()
  let values = 0
  const freshValue = () => padValue(`v${++values}`, spec.valueBytes)

  return {
    next: () => {
      const kind = nextKind()
      const key = nextWriteOnce(kind) ?? nextKey()
      const asksPrevious = (kind === 'put' || kind === 'delete') && oneIn(4, previous)
      const base = {
        kind,
        key,
        memberIndex: nextMember(kind),
        ...(asksPrevious && { prevKv: true }),
      }
      if (kind === 'delete') lastWritten.delete(key)
      if (kind !== 'put' && kind !== 'cas') return base
      const value = freshValue()
      const old = lastWritten.get(key) ?? null
      lastWritten.set(key, value)
      return { ...base, value: kind === 'put' ? value : [old, value] }
    },
  }
}

/**
 * Smooth weighted round-robin: each turn every kind gains its weight, and the largest goes and pays
 * the total. 1:1 alternates, 3:1 never bunches.
 */
function createKindTurns(mix: WorkloadSpec['mix']): () => OperationKind {
  const kinds = (Object.entries(mix) as [OperationKind, number][]).filter(
    ([, weight]) => weight > 0,
  )
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0)
  if (!(total > 0)) throw new RangeError('Expected `mix` to have a weight above 0, got none')
  const credits = kinds.map(([kind, weight]) => ({ kind, weight, credit: 0 }))
  return () => {
    let [richest] = credits as [(typeof credits)[number]]
    for (const each of credits) {
      each.credit += each.weight
      if (each.credit > richest.credit) richest = each
    }
    richest.credit -= total
    return richest.kind
  }
}

function createMemberTurns(memberCount: number): (kind: OperationKind) => number {
  const turns = new Map<OperationKind, number>()
  return (kind) => {
    // Kinds begin at different members, so that 1:1 does not visit one member twice in a row.
    const turn = turns.get(kind) ?? turns.size
    turns.set(kind, turn + 1)
    return turn % memberCount
  }
}

/**
 * Written once, at the beginning, and then only read: a lost value of another key is soon overwritten,
 * one of these is not. They sort before, among and after all others.
 */
export const writeOnceKeys: readonly string[] = ['!rest', '/rest', 'k1-rest', 'rest', '~rest']

/** The write-once key of a request, if it has one. */
function createWriteOnceTurns(
  { mix }: WorkloadSpec,
  random: Random,
): (kind: OperationKind) => string | undefined {
  const unwritten = [...writeOnceKeys]
  return (kind) => {
    if (kind === 'put') return unwritten.shift()
    const isRead = kind === 'get' || kind === 'serializable-get'
    if (!isRead || !mix.put || !oneIn(10, random)) return undefined
    return random.pick(writeOnceKeys)
  }
}

/**
 * All keys that the default workload writes repeatedly. A scenario gives the keys that it writes beside
 * the workload, and that watchers should not receive, names that sort before these.
 */
export const workloadKeys = { key: 'k', end: '\0' } as const

const oneIn = (count: number, random: Random) => random.int(1, count) === 1

function createKeyDrawer({ keys, zipf = 0 }: WorkloadSpec, random: Random): () => string {
  if (zipf === 0) return () => `k${random.int(0, keys - 1)}`
  const cumulative: number[] = []
  let sum = 0
  for (let rank = 1; rank <= keys; rank++) {
    sum += 1 / rank ** zipf
    cumulative.push(sum)
  }
  return () => `k${lowerBound(cumulative, random.float() * sum)}`
}

/** Padded at the end, so that values stay unique and readable at the front. */
function padValue(value: string, bytes: number): string {
  return bytes > value.length ? `${value}-`.padEnd(bytes, '.') : value
}
