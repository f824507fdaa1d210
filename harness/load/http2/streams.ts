import type { Call, CallEnd, Stream } from './call.ts'
import type { ConnectionState } from './connection-state.ts'
import { type ErrorName, errorNames, flagBits, frameTypes, highestStream } from './frames.ts'
import { uint32 } from './settings.ts'
import { type OpenStream, openStream } from './stream.ts'

/** Begins as many of the waiting calls as the server allows. */
export function startWaiting(state: ConnectionState): void {
  const { streams, waiting } = state
  while (state.isReady && !state.isRetired && streams.size < state.settings.maxStreams) {
    const call = waiting.shift()
    if (call === undefined) return
    start(state, call)
  }
}

function start(state: ConnectionState, call: Call): void {
  const { output, encoder, sendWindow, streams } = state
  const stream = openStream(state.nextStream, call, sendWindow.initial())
  state.nextStream += 2
  streams.set(stream.id, stream)
  const head = { type: frameTypes.headers, flags: flagBits.endHeaders, stream: stream.id }
  output.frame(head, encoder.encode(call.headers))
  sendWindow.pump(stream)
  call.onSent?.(handleOf(state, stream))
  if (state.nextStream > highestStream) retire(state)
}

function handleOf(state: ConnectionState, stream: OpenStream): Stream {
  return {
    send: (body) => {
      stream.unsent.push(body)
      state.sendWindow.pump(stream)
    },
    cancel: () => reset(state, stream, 'CANCEL'),
  }
}

/** Takes no new call: those that wait go elsewhere, and the last open one closes the connection. */
export function retire(state: ConnectionState): void {
  if (state.isRetired) return
  state.isRetired = true
  state.options.onRetired()
  state.options.onUnhandled(state.waiting.splice(0))
  closeWhenDone(state)
}

/** Ends a call whose stream the server has ended or reset. */
export function finish(state: ConnectionState, stream: OpenStream, end: CallEnd): void {
  const isHalfOpen = stream.unsent.length > 0 || !stream.isLast
  if (isHalfOpen) sendReset(state, stream, 'NO_ERROR')
  remove(state, stream)
  stream.call.onEnd(end)
}

/** Gives up a call; what still comes for it is ignored. */
export function abandon(state: ConnectionState, stream: OpenStream, end: CallEnd): void {
  reset(state, stream, 'CANCEL')
  stream.call.onEnd(end)
}

function reset(state: ConnectionState, stream: OpenStream, name: ErrorName): void {
  if (!state.streams.has(stream.id)) return
  sendReset(state, stream, name)
  remove(state, stream)
}

function sendReset({ output }: ConnectionState, { id }: OpenStream, name: ErrorName): void {
  const head = { type: frameTypes.rstStream, flags: 0, stream: id }
  output.frame(head, uint32(errorNames.indexOf(name)))
}

function remove(state: ConnectionState, stream: OpenStream): void {
  state.streams.delete(stream.id)
  state.sendWindow.forget(stream)
  startWaiting(state)
  closeWhenDone(state)
}

/** Removes the streams above the last one that the server handles, and returns their calls. */
export function removeAbove(state: ConnectionState, lastStream: number): Call[] {
  const above = [...state.streams.values()].filter(({ id }) => id > lastStream)
  for (const stream of above) {
    state.streams.delete(stream.id)
    state.sendWindow.forget(stream)
  }
  closeWhenDone(state)
  return above.map(({ call }) => call)
}

function closeWhenDone({ isRetired, streams, socket }: ConnectionState): void {
  // The server may never close its side.
  if (isRetired && streams.size === 0) socket.destroySoon()
}
