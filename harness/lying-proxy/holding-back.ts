import { setTimeout as delay } from 'node:timers/promises'
import type { Exchange, Method, StartLie } from './lie.ts'

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
  isOf: (exchange: Exchange) => boolean = () => true,
): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      const isStalled = isMeant(exchange) && isOf(exchange) && leftMs() > 0
      if (isStalled && isDue()) await delay(leftMs())
      return exchange.forward()
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
