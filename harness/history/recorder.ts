import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Clock } from '../core/clock.ts'
import { encodeLine } from './codec.ts'
import type {
  FaultEvent,
  History,
  HistoryEvent,
  HistoryHeader,
  OperationEvent,
  Outcome,
  RecordedEvent,
} from './operations.ts'

/** What is asked; `type`, `process` and `timeNs` are the recorder's. */
export type Invocation = Pick<OperationEvent, 'f' | 'key' | 'value' | 'member' | 'serializable'> & {
  readonly [field: string]: unknown
}

/** What came back: the result's fields beside `type`. */
export interface Completion {
  readonly type: Outcome
  readonly value?: unknown
  readonly revision?: number
  readonly modRevision?: number
  readonly deleted?: number
  readonly applied?: boolean
  readonly error?: string
  readonly [field: string]: unknown
}

type FaultNote = Pick<FaultEvent, 'name' | 'phase' | 'targets' | 'effect' | 'proof'> & {
  readonly [field: string]: unknown
}

/**
 * Writes a history as it happens. Events get their time and their place when they are noted, reach
 * the file at most `flushMs` later (a SIGKILL loses no more than that), and stay in memory for the
 * measures. Disposing flushes and closes; an error of the disk is thrown there and by `flush`.
 */
export interface Recorder extends AsyncDisposable {
  /** Throws a RangeError when the process has one open. */
  invoke(process: number, invocation: Invocation): OperationEvent
  /** Throws a RangeError when the process has none open. */
  complete(process: number, completion: Completion): OperationEvent
  fault(note: FaultNote): FaultEvent
  /** A process id that was never given before. */
  freshProcess(): number
  /** All so far; the array grows while the recorder is open. */
  history(): History
  /** Resolves when all that was noted so far has been handed to the operating system. */
  flush(): Promise<void>
}

export interface RecorderOptions {
  readonly path: string
  readonly header: Omit<HistoryHeader, 'format'>
  readonly clock: Clock
  /** Default 50. */
  readonly flushMs?: number
}

const batchChars = 64 * 1024

/** Creates the file, which must not exist, with its header. */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const header = { format: 'gauntlet-history/1', ...options.header } as HistoryHeader
  const writer = createLineWriter(
    createWriteStream(options.path, { flags: 'wx' }),
    options.flushMs ?? 50,
  )
  writer.write(encodeLine(header))
  await writer.flush()
  const events: HistoryEvent[] = []
  const open = new Map<number, OperationEvent>()
  let nextProcess = 0

  const note = <Event extends RecordedEvent>(event: Event): Event => {
    events.push(event)
    writer.write(encodeLine(event))
    return event
  }
  return {
    invoke: (process, { f, ...rest }) => {
      if (open.has(process)) {
        throw new RangeError(`Expected process ${process} to complete before it invokes ${f}`)
      }
      nextProcess = Math.max(nextProcess, process + 1)
      const timeNs = options.clock.nowNs()
      const event = note<OperationEvent>({ type: 'invoke', process, f, timeNs, ...rest })
      open.set(process, event)
      return event
    },
    complete: (process, { type, ...rest }) => {
      const invocation = open.get(process)
      if (invocation === undefined) {
        throw new RangeError(`Expected process ${process} to have invoked before it completes`)
      }
      open.delete(process)
      const { f, key } = invocation
      const timeNs = options.clock.nowNs()
      return note<OperationEvent>({
        type,
        process,
        f,
        timeNs,
        ...(key !== undefined && { key }),
        ...rest,
      })
    },
    fault: ({ name, phase, targets, ...rest }) =>
      note({ type: 'fault', name, phase, targets, timeNs: options.clock.nowNs(), ...rest }),
    freshProcess: () => nextProcess++,
    history: () => ({ header, events }),
    flush: writer.flush,
    [Symbol.asyncDispose]: writer.close,
  }
}

/** Gathers lines into batches: a write for each line would cost more than the request it notes. */
export function createLineWriter(stream: WriteStream, flushMs: number) {
  let batch: string[] = []
  let chars = 0
  let timer: NodeJS.Timeout | undefined
  let failure: Error | undefined
  let closed: Promise<void> | undefined
  stream.on('error', (error) => {
    failure ??= error
  })
  const send = (then?: () => void) => {
    clearTimeout(timer)
    timer = undefined
    const text = batch.join('')
    batch = []
    chars = 0
    stream.write(text, then)
  }
  const flush = async () => {
    if (closed !== undefined) return closed
    if (failure === undefined) {
      await new Promise<void>((resolve) => {
        send(resolve)
      })
    }
    if (failure !== undefined) throw failure
  }
  return {
    write: (line: string) => {
      if (closed !== undefined) throw new RangeError('Expected the recorder to be open')
      batch.push(line)
      chars += line.length
      if (chars >= batchChars) send()
      else timer ??= setTimeout(() => send(), flushMs)
    },
    flush,
    close: () => {
      closed ??= close()
      return closed
    },
  }
  async function close() {
    if (failure !== undefined) throw failure
    send()
    stream.end()
    await finished(stream)
    if (!stream.closed) await once(stream, 'close')
  }
}
