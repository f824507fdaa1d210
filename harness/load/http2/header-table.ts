/** A header's name and value. */
export type Header = readonly [name: string, value: string]

/** RFC 7541, appendix A: index 1 is the first. */
const staticHeaders: readonly Header[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
]

export const staticCount = staticHeaders.length

const indexOfStatic = new Map(
  staticHeaders.map(([name, value], at) => [`${name}\0${value}`, at + 1] as const),
)

/** The index of a header in the static table; undefined = it is not there. */
export function staticIndexOf([name, value]: Header): number | undefined {
  return indexOfStatic.get(`${name}\0${value}`)
}

/** What an entry counts in a table: RFC 7541, section 4.1. */
export function entryBytes([name, value]: Header): number {
  return name.length + value.length + 32
}

/** The static headers, and those that the encoder of the other end has added: RFC 7541, section 2.3. */
export interface HeaderTable {
  /** Undefined for an index beyond the table. */
  at(index: number): Header | undefined
  add(header: Header): void
  resize(bytes: number): void
}

export function createHeaderTable(mostBytes: number): HeaderTable {
  /** The newest is last. */
  const added: Header[] = []
  let limit = mostBytes
  let used = 0
  const evict = () => {
    while (used > limit) used -= entryBytes(added.shift() as Header)
  }
  return {
    at: (index) =>
      index <= staticCount ? staticHeaders[index - 1] : added[added.length - (index - staticCount)],
    add: (header) => {
      added.push(header)
      used += entryBytes(header)
      evict()
    },
    resize: (bytes) => {
      limit = bytes
      evict()
    },
  }
}
