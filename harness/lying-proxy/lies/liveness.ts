import { setTimeout as delay } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { rejects } from '../interceptors.ts'
import type { Exchange, Lie, Method, StartLie } from '../lie.ts'
import { deleteRange, isOf, put, range, txn } from '../methods.ts'

const kind = 'liveness'
const isWrite = (method: Method) => [put, deleteRange, txn].some((one) => isOf(one, method))
const isRequest = (method: Method) => isWrite(method) || isOf(method, range)
const leaderChanged = { code: status.UNAVAILABLE, details: 'etcdserver: leader changed' }

/** Answers are true, and come late, not at all, or as errors, while there is no fault. */
export const livenessLies: readonly Lie[] = [
  {
    kind,
    name: 'third-refused',
    says: 'refuses a third of all requests',
    every: 3,
    start: rejects(leaderChanged, { isDone: false, isMeant: isRequest }),
  },
  {
    kind,
    name: 'third-done-and-refused',
    says: 'does a third of all writes and answers that it refuses them',
    every: 3,
    start: rejects(leaderChanged, { isDone: true, isMeant: isWrite }),
  },
  {
    kind,
    name: 'every-request-delayed',
    says: 'answers every request after 990 ms',
    every: 1,
    after: 200,
    start: holdsBack(isRequest, async ({ forward }) => {
      await delay(990)
      return forward()
    }),
  },
  {
    kind,
    name: 'member-out-for-seconds',
    says: 'refuses the clients of one member for 8 s',
    every: 1,
    after: 50,
    start: (isDue) => {
      let untilMs: number | undefined
      return {
        answer: async (exchange) => {
          if (exchange.member !== 1 || !isRequest(exchange) || !isDue()) return exchange.forward()
          untilMs ??= performance.now() + 8_000
          if (performance.now() > untilMs) return exchange.forward()
          throw leaderChanged
        },
      }
    },
  },
  {
    kind,
    name: 'nine-of-ten-writes-unanswered',
    says: 'answers one write in ten, and the others never',
    every: 1,
    after: 100,
    start: (isDue) => {
      let writes = 0
      return holdsBack((method) => isWrite(method) && ++writes % 10 !== 0, answerNever)(isDue)
    },
  },
  {
    kind,
    name: 'reads-unanswered',
    says: 'serves writes and answers no read',
    every: 1,
    after: 200,
    start: holdsBack((method) => isOf(method, range), answerNever),
  },
  {
    kind,
    name: 'member-silent-after-restart',
    says: 'never serves the clients of a member again that was down',
    every: 1,
    start: (isDue) => {
      const wasDown = new Set<number>()
      return {
        answer: async (exchange) => {
          if (wasDown.has(exchange.member) && isDue()) return answerNever()
          return exchange.forward().catch((error: { readonly code?: number }) => {
            if (error.code === status.UNAVAILABLE) wasDown.add(exchange.member)
            throw error
          })
        },
      }
    },
  },
]

function answerNever(): Promise<never> {
  return new Promise(() => {})
}

function holdsBack(
  isMeant: (method: Method) => boolean,
  answer: (exchange: Exchange) => Promise<Buffer>,
): StartLie {
  return (isDue) => ({
    answer: (exchange) => (isMeant(exchange) && isDue() ? answer(exchange) : exchange.forward()),
  })
}
