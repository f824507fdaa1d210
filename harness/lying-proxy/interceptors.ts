import type { Exchange, Method, StartLie } from './lie.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type WireAnswer,
  type WireHeader,
} from './messages.ts'
import { isOf, range } from './methods.ts'

/**
 * The ways in which a server lies about requests with one response. Where `alter` returns undefined
 * there is nothing to lie about: that is no opportunity.
 */

/** Does what the client asks, and answers something else. */
export function altersAnswer<Answer extends object, Request = object>(
  method: Method,
  alter: (answer: Answer, request: Request) => object | undefined,
): StartLie {
  return startsAltering<Answer, Request>(method, () => alter)
}

/** The same, where the lie needs a memory: `start` returns a new `alter`. */
export function startsAltering<Answer extends object, Request = object>(
  method: Method,
  start: () => (answer: Answer, request: Request) => object | undefined,
): StartLie {
  return (isDue) => {
    const alter = start()
    return {
      answer: async (exchange) => {
        const bytes = await exchange.forward()
        if (!isOf(exchange, method)) return bytes
        const request = decodeRequest<Request>(method, exchange.request)
        const altered = alter(decodeAnswer<Answer>(method, bytes), request)
        return altered === undefined || !isDue() ? bytes : encodeAnswer(method, altered)
      },
    }
  }
}

/** Does something other than what the client asks. */
export function altersRequest<Request extends object>(
  method: Method,
  alter: (request: Request) => object | undefined,
): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      if (!isOf(exchange, method)) return exchange.forward()
      const altered = alter(decodeRequest<Request>(method, exchange.request))
      if (altered === undefined || !isDue()) return exchange.forward()
      return exchange.forward({ request: encodeRequest(method, altered) })
    },
  })
}

/** Answers without the member, or after requests of its own. */
export function answersItself<Request extends object>(
  method: Method,
  answer: (request: Request) => ((exchange: Exchange) => Promise<object>) | undefined,
): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      if (!isOf(exchange, method)) return exchange.forward()
      const own = answer(decodeRequest<Request>(method, exchange.request))
      if (own === undefined || !isDue()) return exchange.forward()
      return encodeAnswer(method, await own(exchange))
    },
  })
}

/** Acknowledges a request and does not do it; the answer has nothing but a header. */
export function acknowledgesOnly(method: Method): StartLie {
  return answersItself(method, () => async (exchange) => ({
    header: await presentHeader(exchange),
  }))
}

/** An error as a member answers it. */
export interface Rejection {
  readonly code: number
  readonly details: string
}

/** Rejects requests, which it has done before (`isDone`) or does not do at all. */
export function rejects(
  error: Rejection,
  { isDone, isMeant }: { readonly isDone: boolean; readonly isMeant: (of: Method) => boolean },
): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      if (!isMeant(exchange) || !isDue()) return exchange.forward()
      if (isDone) await exchange.forward()
      throw error
    },
  })
}

/** The member's present header, for an answer of the server's own. */
export async function presentHeader({ ask }: Exchange): Promise<WireHeader> {
  const request = { key: Buffer.from('\0'), countOnly: true }
  const { header } = await ask<WireAnswer>(range.service, range.method, request)
  return header
}
