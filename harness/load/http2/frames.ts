/** Numbers of RFC 9113, section 6: types of frames. */
export const frameTypes = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

/** Bits of a frame's flags; their meaning depends on its type. */
export const flagBits = {
  ack: 0x1,
  endStream: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const

/** RFC 9113, section 6.5.2. */
export const settingIds = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const

/** RFC 9113, section 7; the index is the code. */
export const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const

export type ErrorName = (typeof errorNames)[number]

export const errorNameOf = (code: number): string => errorNames[code] ?? `error ${code}`

/** A client sends this first. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export const headBytes = 9

/** Until the peer's settings say otherwise: RFC 9113, section 6.5.2. */
export const defaults = {
  headerTableBytes: 4_096,
  windowBytes: 65_535,
  frameBytes: 16_384,
} as const

export const highestFrame = 0xff_ffff
export const highestWindow = 0x7fff_ffff
export const highestStream = 0x7fff_ffff

export interface FrameHead {
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly stream: number
}

/** Writes the nine bytes before a frame's payload. */
export function writeHead(out: Buffer, at: number, { length, type, flags, stream }: FrameHead) {
  out[at] = length >>> 16
  out[at + 1] = (length >>> 8) & 0xff
  out[at + 2] = length & 0xff
  out[at + 3] = type
  out[at + 4] = flags
  out.writeUInt32BE(stream, at + 5)
}

/** The peer broke the protocol: the connection cannot go on. */
export class ProtocolError extends Error {
  readonly errorName: ErrorName

  constructor(errorName: ErrorName, found: string) {
    super(`HTTP/2 ${errorName}: ${found}`)
    this.errorName = errorName
  }
}
