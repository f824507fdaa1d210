import { setTimeout as delay } from 'node:timers/promises'
import type { Exchange, Method, StartLie } from './lie.ts'
import { decodeAnswer, type WireWatch } from './messages.ts'
import { isOf, watch } from './methods.ts'

/** The ways in which a server answers late what it answers truly. */

/** Passes these requests on only so much later. */
export function holdsBack(isMeant: (method: Method) => boolean, ms: number): StartLie {
  return answersOtherwise(isMeant, async ({ forward }) => {
    await delay(ms)
    return forward()
  })
}

/** Passes them on when a stall is over; while there is none, nothing is held back. */
export function holdsBackUntil(
  isMeant: (method: Method) => boolean,
  leftMs: () => number,
  isAt: (exchange: Exchange) => boolean = () => true,
): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      const isStalled = isMeant(exchange) && isAt(exchange) && leftMs() > 0
      if (isStalled && isDue()) await delay(leftMs())
      return exchange.forward()
    },
  })
}

/** Delivers these responses of watches so much later, and what follows them after them. */
export function delaysOnWatches(ms: number, isMeant: (response: WireWatch) => boolean): StartLie {
  return (isDue) => ({
    stream: (method) => {
      if (!isOf(method, watch)) return {}
      let delivered = Promise.resolve()
      return {
        response: (bytes, { toClient }) => {
          const isLate = isMeant(decodeAnswer<WireWatch>(watch, bytes)) && isDue()
          delivered = delivered
            .then(() => (isLate ? delay(ms) : undefined))
            .then(() => toClient(bytes))
        },
      }
    },
  })
}

/** Does with these requests whatever `answer` does. */
export function answersOtherwise(
  isMeant: (method: Method) => boolean,
  answer: (exchange: Exchange) => Promise<Buffer>,
): StartLie {
  return (isDue) => ({
    answer: (exchange) => (isMeant(exchange) && isDue() ? answer(exchange) : exchange.forward()),
  })
}
