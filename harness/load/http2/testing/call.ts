import { expect } from 'vitest'
import { type CallEnd, frameMessage, requestHeaders, type Stream } from '../call.ts'
import type { Channel } from '../channel.ts'
import type { Header } from '../header-table.ts'

export interface Ended extends CallEnd {
  readonly messages: readonly Buffer[]
  /** How often it was sent. */
  readonly sent: number
}

const headersOf = new WeakMap<Channel, readonly Header[]>()

/** One call on the channel, until it ends. */
export function call(
  channel: Channel,
  message: Buffer | string = 'hello',
  options: {
    readonly timeoutMs?: number
    readonly isStreaming?: boolean
    readonly onSent?: (stream: Stream) => void
    readonly onMessage?: (message: Buffer) => void
  } = {},
): Promise<Ended> {
  const headers = headersOf.get(channel) ?? requestHeaders(channel.endpoint, '/test.Echo/Say')
  headersOf.set(channel, headers)
  const messages: Buffer[] = []
  let sent = 0
  return new Promise((resolve) => {
    channel.send({
      headers,
      body: frameMessage(Buffer.from(message)),
      isStreaming: options.isStreaming ?? false,
      deadlineMs: performance.now() + (options.timeoutMs ?? 5_000),
      onSent: (stream) => {
        sent++
        options.onSent?.(stream)
      },
      onMessage: (received) => {
        messages.push(Buffer.from(received))
        options.onMessage?.(received)
      },
      onEnd: (end) => resolve({ ...end, messages, sent }),
    })
  })
}

/**
 * Expects that a call is never sent, and ends with these details. It waits for a connection until its
 * deadline; of calls with a short one a busy machine may end the first before any connection failed.
 */
export async function expectEnds(channel: Channel, details: RegExp): Promise<void> {
  const ended = () => call(channel, 'x', { timeoutMs: 200 })
  await expect
    .poll(ended, { timeout: 60_000 })
    .toMatchObject({ sent: 0, details: expect.stringMatching(details) })
}
