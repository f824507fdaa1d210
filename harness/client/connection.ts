import { type Client, status } from '@grpc/grpc-js'

/** A request's channel, and how many requests it had answered when this one was sent. */
interface Used {
  readonly channel: Client
  readonly answeredBefore: number
}

/** The channel in use, replaced when its connection seems cut. */
export interface Connection {
  current(): Used
  /**
   * Every request reports its end here; `code` is gRPC's, undefined for a success. Calls `then` once
   * the next channel is chosen.
   */
  ended(used: Used, code: number | undefined, then: () => void): void
  close(): void
}

/**
 * Replaces a channel on which a request timed out while no other request was answered: TCP retransmits
 * less and less often, and would block a client for seconds after the network's heal. Requests that are
 * open on the old channel may still end there; it is closed after `lingerMs`.
 */
export function createConnection(open: () => Client, lingerMs: number): Connection {
  const lingering = new Map<Client, NodeJS.Timeout>()
  let channel = open()
  let answered = 0

  const replace = () => {
    const old = channel
    const retire = () => {
      lingering.delete(old)
      old.close()
    }
    lingering.set(old, setTimeout(retire, lingerMs).unref())
    channel = open()
    answered = 0
  }
  const isCut = (used: Used) => used.channel === channel && used.answeredBefore === answered
  return {
    current: () => ({ channel, answeredBefore: answered }),
    ended: (used, code, then) => {
      if (code !== status.DEADLINE_EXCEEDED) {
        if (used.channel === channel) answered++
        return then()
      }
      // After a stall of this process, deadlines fire before answers that have already arrived.
      setImmediate(() => {
        if (isCut(used)) replace()
        then()
      })
    },
    close: () => {
      for (const [old, timer] of lingering) {
        clearTimeout(timer)
        old.close()
      }
      lingering.clear()
      channel.close()
    },
  }
}
