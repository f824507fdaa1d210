import { messageOf } from '../../core/errors.ts'
import { type Call, takeMessages } from './call.ts'
import type { ConnectionState } from './connection-state.ts'
import { type Http2Frame, withoutPadding } from './frame-reader.ts'
import { errorNameOf, flagBits, frameTypes, ProtocolError } from './frames.ts'
import { endOfHeaders, endOfReset } from './grpc-status.ts'
import { createBlockReader, type HeaderBlock } from './header-blocks.ts'
import { createHeaderDecoder } from './header-decoder.ts'
import { readSettings, receiveWindows, sendCredit } from './settings.ts'
import { finish, removeAbove, retire, startWaiting } from './streams.ts'

type Handler = (frame: Http2Frame) => void

/**
 * Handles what the server sends on one connection, frame by frame. Frames of streams that are over
 * count for the compression of headers and the window of the connection, and are ignored otherwise.
 * Throws a ProtocolError.
 */
export function createFrameHandler(state: ConnectionState): Handler {
  const readBlock = createBlockReader()
  const onBlock = createBlockHandler(state)
  const handlers: Readonly<Record<number, Handler>> = {
    [frameTypes.data]: createDataHandler(state),
    [frameTypes.settings]: (frame) => handleSettings(state, frame),
    [frameTypes.ping]: (frame) => handlePing(state, frame),
    [frameTypes.goaway]: (frame) => handleGoaway(state, frame),
    [frameTypes.windowUpdate]: (frame) => handleWindowUpdate(state, frame),
    [frameTypes.rstStream]: (frame) => handleReset(state, frame),
    [frameTypes.pushPromise]: () => {
      throw new ProtocolError('PROTOCOL_ERROR', 'a push, which the settings forbid')
    },
  }
  return (frame) => {
    const block = readBlock(frame)
    // Unknown types are to be ignored: RFC 9113, section 4.1.
    if (block === undefined) handlers[frame.type]?.(frame)
    else onBlock(block)
  }
}

/** The server ends a call with the last headers. */
function createBlockHandler(state: ConnectionState): (block: HeaderBlock) => void {
  const decode = createHeaderDecoder()
  return (block) => {
    const headers = decode(block.bytes)
    const stream = state.streams.get(block.stream)
    if (stream === undefined) return
    if (block.endsStream) finish(state, stream, endOfHeaders(headers, stream.headers))
    else stream.headers = headers
  }
}

function createDataHandler(state: ConnectionState): Handler {
  const { output, streams } = state
  let uncredited = 0
  return (frame) => {
    uncredited += frame.length
    if (uncredited >= receiveWindows.connectionBytes / 2) {
      sendCredit(output, 0, uncredited)
      uncredited = 0
    }
    const stream = streams.get(frame.stream)
    if (stream === undefined) return
    takeMessages(stream.partial, withoutPadding(frame), reading(stream.call))
    // A message may have made its receiver cancel the call.
    if (!streams.has(frame.stream)) return
    if ((frame.flags & flagBits.endStream) !== 0) {
      finish(state, stream, endOfHeaders(stream.headers))
      return
    }
    stream.uncredited += frame.length
    if (stream.uncredited < receiveWindows.streamBytes / 2) return
    sendCredit(output, stream.id, stream.uncredited)
    stream.uncredited = 0
  }
}

/** An answer that its receiver cannot read is the server's fault: the connection cannot go on. */
function reading({ onMessage }: Call): (message: Buffer) => void {
  return (message) => {
    try {
      onMessage?.(message)
    } catch (thrown) {
      throw new ProtocolError('INTERNAL_ERROR', `an unreadable answer: ${messageOf(thrown)}`)
    }
  }
}

function handleSettings(state: ConnectionState, { flags, payload }: Http2Frame): void {
  if ((flags & flagBits.ack) !== 0) return
  const { encoder, sendWindow, streams, output, options } = state
  state.settings = readSettings(payload, state.settings)
  encoder.resize(state.settings.headerTableBytes)
  sendWindow.applySettings(state.settings, streams.values())
  output.frame({ type: frameTypes.settings, flags: flagBits.ack, stream: 0 }, Buffer.alloc(0))
  if (!state.isReady) {
    state.isReady = true
    options.onReady()
  }
  startWaiting(state)
}

function handlePing({ output }: ConnectionState, { flags, payload }: Http2Frame): void {
  if ((flags & flagBits.ack) !== 0) return
  output.frame({ type: frameTypes.ping, flags: flagBits.ack, stream: 0 }, payload)
}

/** May come twice: first with the highest number, then with the last one that the server handles. */
function handleGoaway(state: ConnectionState, { payload }: Http2Frame): void {
  const lastStream = payload.readUInt32BE(0) & 0x7fff_ffff
  const name = errorNameOf(payload.readUInt32BE(4))
  if (name !== 'NO_ERROR') state.complaint = `GOAWAY with ${name}: ${payload.toString('utf8', 8)}`
  const unhandled = removeAbove(state, lastStream)
  retire(state)
  state.options.onUnhandled(unhandled)
}

function handleWindowUpdate({ sendWindow, streams }: ConnectionState, frame: Http2Frame): void {
  const bytes = frame.payload.readUInt32BE(0) & 0x7fff_ffff
  const stream = streams.get(frame.stream)
  if (frame.stream === 0) sendWindow.widen(bytes)
  else if (stream !== undefined) sendWindow.widenStream(stream, bytes)
}

function handleReset(state: ConnectionState, frame: Http2Frame): void {
  const stream = state.streams.get(frame.stream)
  if (stream === undefined) return
  stream.unsent = []
  stream.isLast = true
  finish(state, stream, endOfReset(frame.payload.readUInt32BE(0)))
}
