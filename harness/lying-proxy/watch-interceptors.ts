import type { StartLie } from './lie.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type WireEvent,
  type WireWatch,
  type WireWatchRequest,
} from './messages.ts'
import { isOf, watch } from './methods.ts'

/** The ways in which a server lies on a watch, as those of interceptors.ts on single requests. */

type Deliver = (response: WireWatch) => readonly WireWatch[]

/** `start` is called for each stream; its result says what the client receives for each response. */
export function onWatches(start: () => Deliver): ReturnType<StartLie> {
  return {
    stream: (method) => {
      if (!isOf(method, watch)) return {}
      const deliver = start()
      return {
        response: (bytes, { toClient }) => {
          const response = decodeAnswer<WireWatch>(watch, bytes)
          for (const one of deliver(response)) {
            toClient(one === response ? bytes : encodeAnswer(watch, one))
          }
        },
      }
    },
  }
}

/** Each response with events is an opportunity, unless `deliver` returns undefined for it. */
export function altersResponse(
  deliver: (response: WireWatch) => readonly WireWatch[] | undefined,
): StartLie {
  return (isDue) =>
    onWatches(() => (response) => {
      const otherwise = response.events.length === 0 ? undefined : deliver(response)
      return otherwise !== undefined && isDue() ? otherwise : [response]
    })
}

/** Alters the first event of a response that can be altered. */
export function altersEvent(alter: (event: WireEvent) => WireEvent | undefined): StartLie {
  return altersResponse((response) => {
    const at = response.events.findIndex((event) => alter(event) !== undefined)
    const event = response.events[at]
    const altered = event && alter(event)
    return altered && [{ ...response, events: response.events.with(at, altered) }]
  })
}

type Creation = NonNullable<WireWatchRequest['createRequest']>

/** Watches something else than the client asks for. */
export function altersCreation(alter: (create: Creation) => Creation | undefined): StartLie {
  return (isDue) => ({
    stream: (method) => {
      if (!isOf(method, watch)) return {}
      return {
        request: (bytes, { toMember }) => {
          const { createRequest } = decodeRequest<WireWatchRequest>(watch, bytes)
          const altered = createRequest && alter(createRequest)
          const isLie = altered !== undefined && isDue()
          toMember(isLie ? encodeRequest(watch, { createRequest: altered }) : bytes)
        },
      }
    },
  })
}
