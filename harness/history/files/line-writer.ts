import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import { isCompressed } from './text.ts'

/** Writes lines into one file, in order. */
export interface LineWriter {
  /** Throws a RangeError once closed. */
  write(line: string): void
  /** Resolves when all lines so far have been handed to the operating system; throws its error. */
  flush(): Promise<void>
  /** Flushes and closes; throws an error of the disk. */
  close(): Promise<void>
}

const batchChars = 64 * 1024
const plainFlushMs = 50
/** Each flush ends a block of the compressed file: rarely, so that it stays small. */
const compressedFlushMs = 1_000

/**
 * Creates the file, which must not exist; a name that ends with `.gz` makes it compressed. Lines
 * reach it at most `flushMs` later, by default 50 ms or, compressed, a second: a SIGKILL loses no
 * more than that, and the file is readable up to there.
 */
export function openLineWriter(path: string, flushMs?: number): LineWriter {
  const file = createWriteStream(path, { flags: 'wx' })
  return isCompressed(path)
    ? createLineWriter(compressInto(file), flushMs ?? compressedFlushMs)
    : createLineWriter({ sink: file, flush: async () => {}, file }, flushMs ?? plainFlushMs)
}

/** Where lines go: into the sink, and from there into the file. */
interface Output {
  readonly sink: Writable
  /** Hands what the sink holds back to the file. */
  flush(): Promise<void>
  readonly file: WriteStream
}

function compressInto(file: WriteStream): Output {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED })
  gzip.on('data', (piece) => file.write(piece))
  gzip.on('end', () => file.end())
  file.on('error', (error) => gzip.destroy(error))
  const flush = async () => {
    await new Promise<void>((resolve) => {
      gzip.flush(constants.Z_SYNC_FLUSH, resolve)
    })
    await new Promise<unknown>((resolve) => {
      file.write('', resolve)
    })
  }
  return { sink: gzip, flush, file }
}

/** Gathers lines into batches: a write for each line would cost more than the request it notes. */
function createLineWriter({ sink, flush: flushSink, file }: Output, flushMs: number): LineWriter {
  let batch: string[] = []
  let chars = 0
  let timer: NodeJS.Timeout | undefined
  let failure: Error | undefined
  let closed: Promise<void> | undefined
  const fail = (error: Error) => {
    failure ??= error
  }
  sink.on('error', fail)
  file.on('error', fail)
  const send = (then?: () => void) => {
    const text = batch.join('')
    batch = []
    chars = 0
    sink.write(text, then)
  }
  const sendAndFlush = async () => {
    clearTimeout(timer)
    timer = undefined
    await new Promise<void>((resolve) => {
      send(resolve)
    })
    await flushSink()
  }
  const flush = async () => {
    if (closed !== undefined) return closed
    if (failure === undefined) await sendAndFlush()
    if (failure !== undefined) throw failure
  }
  return {
    write: (line) => {
      if (closed !== undefined) throw new RangeError('Expected the recorder to be open')
      batch.push(line)
      chars += line.length
      if (chars >= batchChars) send()
      timer ??= setTimeout(sendAndFlush, flushMs)
    },
    flush,
    close: () => {
      closed ??= close()
      return closed
    },
  }
  async function close() {
    clearTimeout(timer)
    if (failure !== undefined) throw failure
    send()
    sink.end()
    await finished(file)
    if (failure !== undefined) throw failure
    if (!file.closed) await once(file, 'close')
  }
}
