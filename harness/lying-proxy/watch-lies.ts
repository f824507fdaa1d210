import { everyNth, type Interceptor, type Lie } from './lie.ts'
import { decodeAnswer, type RawWatchAnswer } from './messages.ts'

const every = 50

export const watchLost: Lie = watchLie({
  name: 'watch-event-lost',
  what: 'keeps a response with events to itself',
  start: (lied) => {
    const isDue = everyNth(every)
    return (response, tell) => {
      if (!isDue()) return tell(response)
      lied()
    }
  },
})

export const watchDuplicated: Lie = watchLie({
  name: 'watch-event-duplicated',
  what: 'sends a response with events twice',
  start: (lied) => {
    const isDue = everyNth(every)
    return (response, tell) => {
      tell(response)
      if (!isDue()) return
      tell(response)
      lied()
    }
  },
})

export const watchReordered: Lie = watchLie({
  name: 'watch-event-reordered',
  what: 'sends a response with events after the one that follows it',
  start: (lied) => {
    const isDue = everyNth(every)
    // By the stream that it belongs to: a stream must not get what another one was to get.
    const held = new Map<object, Buffer>()
    return (response, tell) => {
      const earlier = held.get(tell)
      if (earlier === undefined && isDue()) {
        held.set(tell, response)
        return
      }
      tell(response)
      if (earlier === undefined) return
      held.delete(tell)
      tell(earlier)
      lied()
    }
  },
})

/** Only responses with events are lied about. */
function watchLie(options: {
  readonly name: string
  readonly what: string
  readonly start: (lied: () => void) => NonNullable<Interceptor['watch']>
}): Lie {
  const { start, ...words } = options
  return {
    ...words,
    detectedBy: 'watch',
    start: (lied) => {
      const lie = start(lied)
      return {
        watch: (response, tell) => {
          const { events } = decodeAnswer<RawWatchAnswer>('Watch', 'Watch', response)
          if (events.length === 0) tell(response)
          else lie(response, tell)
        },
      }
    },
  }
}
