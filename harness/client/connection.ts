import { type Client, status } from '@grpc/grpc-js'

/** The channel that a request went over, and how many it had answered by then. */
interface Used {
  readonly channel: Client
  readonly answeredBefore: number
}

/** The channel in use, replaced when it seems cut. */
export interface Connection {
  current(): Used
  /**
   * To be told of every request's end; `code` is gRPC's, undefined when it succeeded. Calls `then`
   * when it is settled which channel is next.
   */
  ended(used: Used, code: number | undefined, then: () => void): void
  close(): void
}

/**
 * A channel on which a request timed out, and nothing else was answered meanwhile, is replaced: TCP
 * by itself would retransmit ever more seldom and keep a client out for seconds after the network
 * has healed. What is still open on the old one may end there; it is closed after `lingerMs`.
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
      // After a stall of this process deadlines come before the answers that are already there.
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
