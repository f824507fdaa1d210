import { setTimeout as delay } from 'node:timers/promises'
import { holdsBack, holdsBackUntil } from '../holding-back.ts'
import type { Lie, Method } from '../lie.ts'
import { decodeAnswer, type WireWatch } from '../messages.ts'
import { deleteRange, isOf, leaseGrant, put, range, txn, watch } from '../methods.ts'

const kind = 'liveness'
const isWrite = (method: Method) => [put, deleteRange, txn].some((one) => isOf(one, method))
const isRequest = (method: Method) => isWrite(method) || isOf(method, range)

const stallMs = 400
/** Each second begins with a stall, which ends for all at once. */
const leftOfStallMs = () => Math.max(0, stallMs - (performance.now() % 1_000))

/** Answers are true, and come before half of their deadline: medians and deadlines are kept. */
export const slownessLies: readonly Lie[] = [
  {
    kind,
    name: 'stalled-each-second',
    says: 'answers nothing for 400 ms of each second',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/leases', id: 'objective/silentPercent' },
    start: holdsBackUntil(isRequest, leftOfStallMs),
  },
  {
    kind,
    name: 'member-stalled-each-second',
    says: 'answers the clients of one member nothing for 400 ms of each second',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/leases', members: 3, id: 'objective/silentPercent' },
    start: holdsBackUntil(isRequest, leftOfStallMs, ({ member }) => member === 1),
  },
  {
    kind,
    name: 'grants-delayed',
    says: 'answers every grant of a lease after 450 ms',
    every: 1,
    detection: { scenario: 'conformance/leases', id: 'objective/slowRequestsPercent' },
    start: holdsBack((method) => isOf(method, leaseGrant), 450),
  },
  {
    kind,
    name: 'all-delayed',
    says: 'answers every request 300 ms later',
    every: 1,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/unhinderedP50Ms' },
    start: holdsBack(isRequest, 300),
  },
  {
    kind,
    name: 'tenth-delayed',
    says: 'answers each tenth request after 450 ms',
    every: 10,
    after: 100,
    detection: { scenario: 'conformance/gateway', id: 'objective/slowRequestsPercent' },
    start: holdsBack(isRequest, 450),
  },
  {
    kind,
    name: 'watch-stalled',
    says: 'delivers no events for 500 ms again and again',
    every: 200,
    detection: { scenario: 'conformance/leases', id: 'objective/lateEventsPercent' },
    start: (isDue) => ({
      stream: (method) => {
        if (!isOf(method, watch)) return {}
        let delivered = Promise.resolve()
        return {
          response: (bytes, { toClient }) => {
            const { events } = decodeAnswer<WireWatch>(watch, bytes)
            const ms = events.length > 0 && isDue() ? 500 : 0
            delivered = delivered.then(() => delay(ms)).then(() => toClient(bytes))
          },
        }
      },
    }),
  },
]
