import { altersAnswer, startsAltering } from '../interceptors.ts'
import type { Lie, StartLie } from '../lie.ts'
import { atRevision, type WireRange, type WireRangeRequest } from '../messages.ts'
import { range } from '../methods.ts'

const kind = 'order'
const scenario = 'conformance/key-value'

/** A value overwritten this long ago was acknowledged before the read: no order explains the answer. */
const staleAfterMs = 300

/** An answer is of another moment than the one in which it is given. */
export const orderLies: readonly Lie[] = [
  {
    kind,
    name: 'stale-value',
    says: 'answers a linearizable read with an older value, under the present revision',
    every: 3,
    detection: { scenario, id: 'etcd-linearizability/wrong-answer' },
    start: staleReads({ serializable: false }, ({ kvs, count }, present) => ({
      ...present,
      kvs,
      count,
    })),
  },
  {
    kind,
    name: 'stale-answer',
    says: 'answers a linearizable read with a whole older answer, its revision included',
    every: 3,
    detection: { scenario, id: 'etcd-linearizability/stale-read' },
    start: staleReads({ serializable: false }, (old) => old),
  },
  {
    kind,
    name: 'serializable-mix',
    says: 'answers a serializable read with an older value, under the present revision',
    every: 1,
    detection: { scenario, id: 'serializable/no-such-state' },
    start: staleReads({ serializable: true }, ({ kvs, count }, present) => ({
      ...present,
      kvs,
      count,
    })),
  },
  {
    kind,
    name: 'revision-decreases',
    says: 'answers a read with a revision of the store that is older than its last one',
    every: 20,
    detection: { scenario, id: 'revisions/revision-decreased' },
    start: altersAnswer<WireRange>(range, (answer) => atRevision(answer, -5)),
  },
  {
    kind,
    name: 'revision-of-the-future',
    says: 'answers a read with a revision that the store does not have yet',
    every: 20,
    detection: { scenario: scenario, id: 'revisions/revision-decreased' },
    start: altersAnswer<WireRange>(range, (answer) => atRevision(answer, 1_000)),
  },
]

/** Answers of reads of one key at the present, made of an answer about the key from before a change. */
function staleReads(
  { serializable }: { readonly serializable: boolean },
  answerOf: (old: WireRange, present: WireRange) => WireRange,
): StartLie {
  return startsAltering<WireRange, WireRangeRequest>(range, () => {
    const memory = new Map<string, { readonly answer: WireRange; readonly atMs: number }>()
    return (present, read) => {
      if (read.serializable !== serializable || read.rangeEnd.length > 0 || read.revision !== '0') {
        return undefined
      }
      const key = read.key.toString()
      const atMs = performance.now()
      const old = memory.get(key)
      if (old === undefined || modOf(old.answer) === modOf(present)) {
        memory.set(key, old ?? { answer: present, atMs })
        return undefined
      }
      if (atMs - old.atMs <= staleAfterMs) return undefined
      memory.set(key, { answer: present, atMs })
      return answerOf(old.answer, present)
    }
  })
}

const modOf = ({ kvs }: WireRange) => kvs[0]?.modRevision ?? '0'
