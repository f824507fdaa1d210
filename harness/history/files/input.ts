import { isUtf8 } from 'node:buffer'
import { open, readFile, stat } from 'node:fs/promises'
import { constants, gunzipSync } from 'node:zlib'
import { InputError, messageOf } from '../../core/errors.ts'

const beginningBytes = 2 ** 16
/** A string of V8's has 512 Mi characters at most. */
const mostBytes = 384 * 2 ** 20

/**
 * The first 64 KiB of a file, by which its format is known, decompressed where they are gzip's.
 * Throws an InputError without one, and for a pipe or a device: the first can be read once, and
 * either may have no end.
 */
export async function readBeginning(file: string): Promise<Buffer> {
  try {
    if (!(await stat(file)).isFile()) throw noFile(file)
    await using handle = await open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginningBytes), 0, beginningBytes)
    const beginning = buffer.subarray(0, bytesRead)
    return isGzip(beginning) ? decompressBeginning(beginning) : beginning
  } catch (thrown) {
    throw thrown instanceof InputError ? thrown : unreadableFile(file, thrown)
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** It ends in the middle of the stream, and a little may become a lot. */
function decompressBeginning(compressed: Buffer): Buffer {
  try {
    return gunzipSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 26 })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw thrown
    return decompressBeginning(compressed.subarray(0, compressed.length / 2))
  }
}

function noFile(file: string): InputError {
  return new InputError(`${file}: Expected a file, got a directory, a pipe or a device`, { file })
}

/** What Node threw for a file that cannot be opened or read, in our words. */
export function unreadableFile(file: string, thrown: unknown): InputError {
  const found = whyUnreadable(thrown)
  return new InputError(`${file}: Expected a readable file, got ${found}`, { file }, thrown)
}

function whyUnreadable(thrown: unknown): string {
  const { code } = thrown as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EISDIR') return 'a directory'
  if (code === 'ELOOP') return 'a link that leads to itself'
  return messageOf(thrown)
}

/** The text of a whole file. Throws an InputError for one of over 384 MiB, and for no UTF-8. */
export async function readWholeText(file: string): Promise<string> {
  const bytes = await readBytes(file)
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const line = lineOfFirstBadByte(bytes)
  throw new InputError(`${file}:${line}: Expected a line of UTF-8 text, got other bytes`, {
    file,
    line,
  })
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw noFile(file)
    const { size } = found
    if (size > mostBytes) throw tooLong(file, `${Math.ceil(size / 2 ** 20)} MiB`)
    const bytes = await readFile(file)
    return isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLong(file, 'more when decompressed')
    }
    throw thrown instanceof InputError ? thrown : unreadableFile(file, thrown)
  }
}

function tooLong(file: string, found: string): InputError {
  return new InputError(`${file}: Expected a file of 384 MiB at most, got ${found}`, { file })
}

const newline = 10

function lineOfFirstBadByte(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(newline, start)
    const stop = end < 0 ? bytes.length : end + 1
    if (!isUtf8(bytes.subarray(start, stop))) break
    start = stop
  }
  return line
}
