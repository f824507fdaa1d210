import { messageOf } from '../../core/errors.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { Call } from './call.ts'
import { expireUnsent, type Http2Connection, openConnection } from './connection.ts'
import { type DialedSocket, dial } from './dial.ts'
import { neverSent } from './grpc-status.ts'

/** A connection to one server that is replaced when it ends. */
export interface Channel extends Disposable {
  readonly endpoint: URL
  /** Sends a call once. One that a server certainly did not handle goes over the next connection. */
  send(call: Call): void
  /** Ends late calls; to be called every some milliseconds. */
  tick(nowMs: number): void
}

export interface ChannelOptions {
  readonly endpoint: string
  /** Asked for each connection, so that renewed certificates are used. */
  readonly credentials: () => TlsCredentials | undefined
  /** To connect; and how long a server may be silent while calls pass their deadlines. */
  readonly timeoutMs: number
  /** Default 1; tests begin near the end. */
  readonly firstStream?: number | undefined
}

const firstBackoffMs = 50
const highestBackoffMs = 500

/** Connects with the first call. */
export function openHttp2Channel(options: ChannelOptions): Channel {
  const endpoint = new URL(options.endpoint)
  const queue: Call[] = []
  /** The one for new calls, and those whose open calls go on. */
  let current: Http2Connection | undefined
  const connections = new Set<Http2Connection>()
  let backoffMs = 0
  /** Why the last connection ended before the server was ready. */
  let failure: string | undefined
  let isConnecting = false
  let isClosed = false

  const connect = () => {
    if (isConnecting || isClosed) return
    isConnecting = true
    setTimeout(attempt, backoffMs)
  }
  const attempt = async () => {
    backoffMs = Math.min(highestBackoffMs, Math.max(firstBackoffMs, 2 * backoffMs))
    try {
      const dialed = await dial(endpoint, options.credentials(), options.timeoutMs)
      isConnecting = false
      if (isClosed) dialed.socket.destroy()
      else use(dialed)
    } catch (thrown) {
      isConnecting = false
      endQueued(messageOf(thrown))
    }
  }
  const use = (dialed: DialedSocket) => {
    const leave = () => {
      if (current === connection) current = undefined
    }
    const connection: Http2Connection = openConnection(dialed, {
      onReady: () => {
        backoffMs = 0
        failure = undefined
      },
      onUnhandled: (calls) => {
        for (const call of calls) send(call)
      },
      onRetired: leave,
      onClosed: (why) => {
        if (!connection.isReady()) failure = why
        leave()
        connections.delete(connection)
      },
      firstStream: options.firstStream,
    })
    connections.add(connection)
    current = connection
    for (const call of queue.splice(0)) connection.send(call)
  }
  const endQueued = (why: string) => {
    for (const call of queue.splice(0)) call.onEnd(neverSent(why))
  }
  const send = (call: Call) => {
    if (current !== undefined) {
      current.send(call)
      return
    }
    queue.push(call)
    connect()
  }
  return {
    endpoint,
    send,
    tick: (nowMs) => {
      for (const connection of connections) {
        const isSilent = nowMs - connection.lastHeardMs() >= options.timeoutMs
        const isStuck = connection.expire(nowMs) > 0 || !connection.isReady()
        if (isStuck && isSilent) connection.destroy('the server is silent')
      }
      expireUnsent(queue, nowMs, failure)
    },
    [Symbol.dispose]: () => {
      isClosed = true
      for (const connection of connections) connection.destroy('closed')
      endQueued('closed')
    },
  }
}
