import { status } from '@grpc/grpc-js'
import type { CallEnd } from './call.ts'
import { errorNameOf } from './frames.ts'
import type { Header } from './header-table.ts'

/** How a call ended whose stream the server closed with these headers, the last ones first. */
export function endOfHeaders(last: readonly Header[], first: readonly Header[] = []): CallEnd {
  const find = (name: string) => valueIn(last, name) ?? valueIn(first, name)
  const code = find('grpc-status')
  if (code !== undefined && /^\d{1,3}$/.test(code)) {
    return { code: Number(code), details: decodePercent(find('grpc-message') ?? '') }
  }
  const http = find(':status')
  const details = http === '200' ? 'The stream ended without a status' : `HTTP status ${http}`
  return { code: status.UNKNOWN, details }
}

function valueIn(headers: readonly Header[], name: string): string | undefined {
  for (let at = headers.length - 1; at >= 0; at--) {
    if (headers[at]?.[0] === name) return headers[at]?.[1]
  }
  return undefined
}

/** How a call ended whose stream the server reset: https://grpc.io, PROTOCOL-HTTP2, "Errors". */
export function endOfReset(code: number): CallEnd {
  const name = errorNameOf(code)
  if (name === 'REFUSED_STREAM') return refusedStream
  if (name === 'CANCEL')
    return { code: status.CANCELLED, details: 'The server cancelled the stream' }
  return { code: status.INTERNAL, details: `The server reset the stream with ${name}` }
}

const refusedStream = { code: status.UNAVAILABLE, details: 'Stream refused by server' } as const

export const deadlinePassed = {
  code: status.DEADLINE_EXCEEDED,
  details: 'Deadline exceeded',
} as const satisfies CallEnd

/** The request was on its way when its connection was lost. */
export function connectionLost(why: string): CallEnd {
  return { code: status.UNAVAILABLE, details: `Connection dropped: ${why}` }
}

/** The request never left, which `classify` knows by the text. */
export function neverSent(why: string): CallEnd {
  return { code: status.UNAVAILABLE, details: `No connection established. Last error: ${why}` }
}

/** gRPC encodes the bytes of a message that are not printable; others than those stay as they are. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  const bytes = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
