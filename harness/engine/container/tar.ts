/** A file or directory to be put into a container, owned by root. */
export interface TarEntry {
  /** Absolute. */
  readonly path: string
  /** Absent for a directory. */
  readonly content?: string | Uint8Array
  readonly mode: number
}

export interface UnpackedFile {
  /** As the archive names it: relative to what was asked for. */
  readonly path: string
  readonly content: Buffer
  readonly mode: number
}

const blockBytes = 512

/** A ustar archive. Paths up to 100 bytes, which ours are; longer ones throw a RangeError. */
export function packTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '')
    const padding = Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes)
    return [header(entry, content.length), content, padding]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)])
}

/** The regular files of an archive, as the engine sends them; long names come in pax headers. */
export function unpackTar(archive: Buffer): UnpackedFile[] {
  const files: UnpackedFile[] = []
  let longPath: string | undefined
  for (let at = 0; at + blockBytes <= archive.length && archive[at] !== 0; ) {
    const block = archive.subarray(at, at + blockBytes)
    const sizeBytes = sizeOf(block)
    const content = archive.subarray(at + blockBytes, at + blockBytes + sizeBytes)
    const type = String.fromCharCode(block[156] ?? 0)
    const path = longPath ?? [text(block, 345, 155), text(block, 0, 100)].filter(Boolean).join('/')
    longPath = type === 'x' ? /\d+ path=(.*)\n/.exec(content.toString())?.[1] : undefined
    if (type === '0' || type === '\0') {
      files.push({ path, content, mode: Number.parseInt(text(block, 100, 8), 8) & 0o7777 })
    }
    at += blockBytes + Math.ceil(sizeBytes / blockBytes) * blockBytes
  }
  return files
}

function header(entry: TarEntry, sizeBytes: number): Buffer {
  const directory = entry.content === undefined
  const name = entry.path.replace(/^\/+/, '') + (directory ? '/' : '')
  if (Buffer.byteLength(name) > 100) {
    throw new RangeError(`Expected a path of at most 100 bytes, got ${entry.path}`)
  }
  const block = Buffer.alloc(blockBytes)
  block.write(name, 0)
  block.write(octal(entry.mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(sizeBytes, 11), 124)
  block.write(octal(Math.floor(Date.now() / 1_000), 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(directory ? '5' : '0', 156)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\0 `, 148)
  return block
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString()
}

/** Octal digits, or base 256 from 8 GiB on. */
function sizeOf(block: Buffer): number {
  const field = block.subarray(124, 136)
  return (field[0] ?? 0) & 0x80
    ? Number(field.readBigUInt64BE(4))
    : Number.parseInt(text(block, 124, 12), 8)
}
