import { status } from '@grpc/grpc-js'
import { answersOtherwise, holdsBack } from '../holding-back.ts'
import { rejects } from '../interceptors.ts'
import type { Lie, Method } from '../lie.ts'
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
    detection: { scenario: 'conformance/key-value', id: 'served-without-fault' },
    start: rejects(leaderChanged, { isDone: false, isMeant: isRequest }),
  },
  {
    kind,
    name: 'third-done-and-refused',
    says: 'does a third of all writes and answers that it refuses them',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'served-without-fault' },
    start: rejects(leaderChanged, { isDone: true, isMeant: isWrite }),
  },
  {
    kind,
    name: 'writes-delayed',
    says: 'answers every write after 990 ms',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/writeP50Ms' },
    start: holdsBack(isWrite, 990),
  },
  {
    kind,
    name: 'fifteenth-delayed',
    says: 'answers each fifteenth request after 800 ms',
    every: 15,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/slowRequestsPercent' },
    start: holdsBack(isRequest, 800),
  },
  {
    kind,
    name: 'member-out-for-seconds',
    says: 'refuses the clients of one member for 8 s',
    every: 1,
    after: 50,
    detection: { scenario: 'conformance/maintenance', members: 3, id: 'served-without-fault' },
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
    detection: { scenario: 'conformance/key-value', id: 'served-without-fault' },
    start: (isDue) => {
      let writes = 0
      return answersOtherwise(
        (method) => isWrite(method) && ++writes % 10 !== 0,
        answerNever,
      )(isDue)
    },
  },
  {
    kind,
    name: 'reads-unanswered',
    says: 'answers four reads in five, and the fifth never',
    every: 5,
    detection: { scenario: 'conformance/key-value', id: 'served-without-fault' },
    start: answersOtherwise((method) => isOf(method, range), answerNever),
  },
  {
    kind,
    name: 'member-refuses-after-restart',
    says: 'refuses the clients of a member for good once the member was down',
    every: 1,
    detection: { scenario: 'quorum-loss/follower-killed', members: 3, id: 'steady-after-fault' },
    start: (isDue) => {
      const wasDown = new Set<number>()
      return {
        answer: async (exchange) => {
          if (wasDown.has(exchange.member) && isRequest(exchange) && isDue()) throw leaderChanged
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
