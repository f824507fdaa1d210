import { everyNth, type Interceptor, type Lie } from './lie.ts'
import { decodeAnswer, type RawWatchAnswer } from './messages.ts'

const every = 50

export const watchLost: Lie = watchLie({
  name: 'watch-event-lost',
  what: 'drops a response with events',
  start: (countLie) => {
    const isDue = everyNth(every)
    return (response, send) => {
      if (!isDue()) return send(response)
      countLie()
    }
  },
})

export const watchDuplicated: Lie = watchLie({
  name: 'watch-event-duplicated',
  what: 'sends a response with events twice',
  start: (countLie) => {
    const isDue = everyNth(every)
    return (response, send) => {
      send(response)
      if (!isDue()) return
      send(response)
      countLie()
    }
  },
})

export const watchReordered: Lie = watchLie({
  name: 'watch-event-reordered',
  what: 'sends a response with events after the one that follows it',
  start: (countLie) => {
    const isDue = everyNth(every)
    // By stream: a stream must not receive another stream's response.
    const held = new Map<object, Buffer>()
    return (response, send) => {
      const earlier = held.get(send)
      if (earlier === undefined && isDue()) {
        held.set(send, response)
        return
      }
      send(response)
      if (earlier === undefined) return
      held.delete(send)
      send(earlier)
      countLie()
    }
  },
})

/** Responses without events pass unchanged. */
function watchLie(options: {
  readonly name: string
  readonly what: string
  readonly start: (countLie: () => void) => NonNullable<Interceptor['watch']>
}): Lie {
  const { start, ...words } = options
  return {
    ...words,
    detectedBy: 'watch',
    start: (countLie) => {
      const lie = start(countLie)
      return {
        watch: (response, send) => {
          const { events } = decodeAnswer<RawWatchAnswer>('Watch', 'Watch', response)
          if (events.length === 0) send(response)
          else lie(response, send)
        },
      }
    },
  }
}
