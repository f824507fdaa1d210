import {
  defaults,
  frameTypes,
  highestFrame,
  highestWindow,
  ProtocolError,
  preface,
  settingIds,
} from './frames.ts'
import type { FrameOutput } from './output.ts'

/** What the server allows. */
export interface PeerSettings {
  readonly headerTableBytes: number
  readonly maxStreams: number
  readonly initialWindow: number
  readonly frameBytes: number
}

export const firstSettings: PeerSettings = {
  headerTableBytes: defaults.headerTableBytes,
  maxStreams: Number.POSITIVE_INFINITY,
  initialWindow: defaults.windowBytes,
  frameBytes: defaults.frameBytes,
}

const settingBytes = 6

/** The settings after a SETTINGS frame: RFC 9113, section 6.5.2. Throws a ProtocolError. */
export function readSettings(payload: Buffer, before: PeerSettings): PeerSettings {
  const settings = { ...before }
  for (let at = 0; at + settingBytes <= payload.length; at += settingBytes) {
    const [id, value] = [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)]
    if (id === settingIds.headerTableSize) settings.headerTableBytes = value
    if (id === settingIds.maxConcurrentStreams) settings.maxStreams = value
    if (id === settingIds.maxFrameSize) settings.frameBytes = frameSize(value)
    if (id !== settingIds.initialWindowSize) continue
    if (value > highestWindow) {
      throw new ProtocolError('FLOW_CONTROL_ERROR', `an initial window of ${value} bytes`)
    }
    settings.initialWindow = value
  }
  return settings
}

function frameSize(bytes: number): number {
  if (bytes >= defaults.frameBytes && bytes <= highestFrame) return bytes
  throw new ProtocolError('PROTOCOL_ERROR', `frames of at most ${bytes} bytes`)
}

/** How many bytes of answers a server may send ahead: of a stream, and of a connection. */
export const receiveWindows = {
  streamBytes: 4 * 1_024 * 1_024,
  connectionBytes: 64 * 1_024 * 1_024,
}

/** What a client sends first. Nothing is pushed to it, and its windows are wide. */
export function sendOpening(write: (bytes: Buffer) => void, output: FrameOutput): void {
  write(preface)
  const payload = Buffer.alloc(2 * settingBytes)
  payload.writeUInt16BE(settingIds.enablePush, 0)
  payload.writeUInt16BE(settingIds.initialWindowSize, settingBytes)
  payload.writeUInt32BE(receiveWindows.streamBytes, settingBytes + 2)
  output.frame({ type: frameTypes.settings, flags: 0, stream: 0 }, payload)
  sendCredit(output, 0, receiveWindows.connectionBytes - defaults.windowBytes)
}

/** Lets the server send that many bytes more. */
export function sendCredit(output: FrameOutput, stream: number, bytes: number): void {
  output.frame({ type: frameTypes.windowUpdate, flags: 0, stream }, uint32(bytes))
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
