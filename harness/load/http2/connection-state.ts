import type { Socket } from 'node:net'
import type { Call } from './call.ts'
import type { HeaderEncoder } from './header-encoder.ts'
import type { FrameOutput } from './output.ts'
import type { SendWindow } from './send-window.ts'
import type { PeerSettings } from './settings.ts'
import type { OpenStream } from './stream.ts'

export interface ConnectionOptions {
  /** Receives calls that the server certainly did not handle: they may be sent elsewhere. */
  readonly onUnhandled: (calls: readonly Call[]) => void
  /** It takes no new calls any more; the open ones go on. */
  readonly onRetired: () => void
  /** The server's first settings have come. */
  readonly onReady: () => void
  /** Nothing follows; called once. */
  readonly onClosed: (why: string) => void
  /** Default 1; tests begin near the end. */
  readonly firstStream?: number | undefined
}

/** One connection; the functions beside this file change it. */
export interface ConnectionState {
  readonly socket: Socket
  readonly options: ConnectionOptions
  readonly output: FrameOutput
  readonly encoder: HeaderEncoder
  readonly sendWindow: SendWindow
  readonly streams: Map<number, OpenStream>
  /** Calls that no frame was sent of. */
  readonly waiting: Call[]
  settings: PeerSettings
  /** The server's first settings have come: before, nothing is known of what it allows. */
  isReady: boolean
  isRetired: boolean
  nextStream: number
  lastHeardMs: number
  /** Why the server said that it goes away, if it did in anger. */
  complaint: string | undefined
}
