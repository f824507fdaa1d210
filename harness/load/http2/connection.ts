import type { Socket } from 'node:net'
import { messageOf } from '../../core/errors.ts'
import type { Call } from './call.ts'
import type { ConnectionOptions, ConnectionState } from './connection-state.ts'
import type { DialedSocket } from './dial.ts'
import { createFrameReader } from './frame-reader.ts'
import { ProtocolError } from './frames.ts'
import { connectionLost, deadlinePassed, neverSent } from './grpc-status.ts'
import { createHeaderEncoder } from './header-encoder.ts'
import { createFrameHandler } from './incoming.ts'
import { createOutput } from './output.ts'
import { createSendWindow } from './send-window.ts'
import { firstSettings, sendOpening } from './settings.ts'
import type { OpenStream } from './stream.ts'
import { abandon, startWaiting } from './streams.ts'

/** One HTTP/2 connection of a gRPC client, hand-framed on a socket: RFC 9113. */
export interface Http2Connection {
  /** Sends a call, or keeps it until the server allows another stream. */
  send(call: Call): void
  /** Ends the calls whose deadline has passed, and returns how many of those were on their way. */
  expire(nowMs: number): number
  /** When something last came from the server. */
  lastHeardMs(): number
  /** Whether the server's first settings have come. */
  isReady(): boolean
  /** Closes it now: calls on their way end as lost. */
  destroy(why: string): void
}

/** Takes over a connected socket. */
export function openConnection(
  { socket, receive }: DialedSocket,
  options: ConnectionOptions,
): Http2Connection {
  const state = newState(socket, options)
  let why = 'the server closed it'
  const handle = createFrameReader(createFrameHandler(state))
  socket.on('error', (error) => {
    why = messageOf(error)
  })
  socket.once('close', () => close(state, why))
  sendOpening((bytes) => socket.write(bytes), state.output)
  receive((bytes) => {
    state.lastHeardMs = performance.now()
    try {
      handle(bytes)
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
      socket.destroy(thrown)
    }
  })
  return {
    send: (call) => {
      state.waiting.push(call)
      startWaiting(state)
    },
    expire: (nowMs) => expire(state, nowMs),
    lastHeardMs: () => state.lastHeardMs,
    isReady: () => state.isReady,
    destroy: (reason) => {
      why = reason
      socket.destroy()
    },
  }
}

function newState(socket: Socket, options: ConnectionOptions): ConnectionState {
  const output = createOutput(socket)
  return {
    socket,
    options,
    output,
    encoder: createHeaderEncoder(),
    sendWindow: createSendWindow(output),
    streams: new Map(),
    waiting: [],
    settings: firstSettings,
    isReady: false,
    isRetired: false,
    nextStream: options.firstStream ?? 1,
    lastHeardMs: performance.now(),
    complaint: undefined,
  }
}

function close(state: ConnectionState, why: string): void {
  const open = [...state.streams.values()]
  state.streams.clear()
  state.isRetired = true
  state.options.onClosed(state.complaint ?? why)
  state.options.onUnhandled(state.waiting.splice(0))
  for (const { call } of open) call.onEnd(connectionLost(state.complaint ?? why))
}

function expire(state: ConnectionState, nowMs: number): number {
  const late: OpenStream[] = []
  for (const stream of state.streams.values())
    if (stream.call.deadlineMs <= nowMs) late.push(stream)
  for (const stream of late) abandon(state, stream, deadlinePassed)
  expireUnsent(state.waiting, nowMs)
  return late.length
}

/** Ends those calls of a queue whose deadline has passed before they were sent. */
export function expireUnsent(queue: Call[], nowMs: number, why = 'the deadline passed'): void {
  const late = queue.filter(({ deadlineMs }) => deadlineMs <= nowMs)
  if (late.length === 0) return
  queue.splice(0, queue.length, ...queue.filter(({ deadlineMs }) => deadlineMs > nowMs))
  for (const call of late) call.onEnd(neverSent(why))
}
