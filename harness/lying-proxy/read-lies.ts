import type { Exchange, Lie } from './lie.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  type RawRangeAnswer,
  type RawRangeRequest,
} from './messages.ts'

/** A value overwritten this long ago was acknowledged before the read: no order explains the answer. */
const staleAfterMs = 300
const betweenLiesMs = 500

interface Remembered {
  readonly answer: RawRangeAnswer
  readonly bytes: Buffer
  readonly atMs: number
}

/** An older value under the present revision of the store. */
export const staleRead: Lie = staleLie({
  name: 'stale-read',
  what: 'answers a read with an older value, as if it were the present one',
  answerOf: ({ answer: { kvs, count } }, present) =>
    encodeAnswer('KV', 'Range', { ...present, kvs, count }),
})

/** A whole older answer, as from a member that does not confirm its leadership. */
export const staleAnswer: Lie = staleLie({
  name: 'stale-answer',
  what: 'answers a linearizable read with a whole older answer, its revision included',
  answerOf: ({ bytes }) => bytes,
})

function staleLie(options: {
  readonly name: string
  readonly what: string
  readonly answerOf: (old: Remembered, present: RawRangeAnswer) => Buffer
}): Lie {
  const { answerOf, ...words } = options
  return {
    ...words,
    detectedBy: 'etcd-linearizability',
    start: (countLie) => {
      const memory = new Map<string, Remembered>()
      let lastLieMs = 0
      return {
        answer: async (exchange) => {
          const bytes = await exchange.forward()
          const key = keyRead(exchange)
          if (key === undefined) return bytes
          const answer = decodeAnswer<RawRangeAnswer>('KV', 'Range', bytes)
          const atMs = performance.now()
          const old = memory.get(key)
          if (old === undefined) {
            memory.set(key, { answer, bytes, atMs })
            return bytes
          }
          const isStale = modOf(old.answer) !== modOf(answer) && atMs - old.atMs > staleAfterMs
          if (!isStale || atMs - lastLieMs < betweenLiesMs) return bytes
          memory.set(key, { answer, bytes, atMs })
          lastLieMs = atMs
          countLie()
          return answerOf(old, answer)
        },
      }
    },
  }
}

/** The key of a linearizable read of one key at the present. */
function keyRead({ method, request }: Exchange): string | undefined {
  if (method !== 'Range') return undefined
  const read = decodeRequest<RawRangeRequest>('KV', 'Range', request)
  const isPlain = !read.serializable && read.rangeEnd.length === 0 && read.revision === '0'
  return isPlain ? read.key.toString() : undefined
}

const modOf = ({ kvs }: RawRangeAnswer) => kvs[0]?.modRevision ?? '0'
